import { decodeBase64 } from './base64.ts';
import { PULL_SECRET_KEYS, type PullSecret } from './pull-secret.ts';

/** What a pull secret holds: a Docker `config.json`, or the older file that is only its `auths`. */
export interface AuthText {
  readonly format: 'config.json' | 'dockercfg';
  readonly text: string;
}

/** The credentials' file in a secret; undefined when it is no text. */
export function authTextOf({
  type,
  data,
}: Pick<PullSecret, 'type' | 'data'>): AuthText | undefined {
  const text = decodeBase64(data[PULL_SECRET_KEYS[type]] ?? '');
  const format = type === 'kubernetes.io/dockercfg' ? 'dockercfg' : 'config.json';
  return text === undefined ? undefined : { format, text };
}
