import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..', '..');

/** The part of a service that the tests look at. */
export interface ComposeService {
  readonly image: string;
  readonly build?: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  /** `name:/path`. */
  readonly volumes?: readonly string[];
  readonly read_only?: boolean;
  readonly healthcheck: { readonly test: readonly string[] };
  readonly stop_grace_period: string;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** What stands for a variable that the user must set. */
export type Variables = Readonly<Record<string, string>>;

/** The committed compose file with merge keys and `${…}` resolved, as `docker compose config` would show it. */
export function readComposeFile(variables: Variables): ComposeFile {
  const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
  return parse(interpolate(text, variables), { merge: true });
}

/**
 * Replaces `${NAME}`, `${NAME:-default}` and `${NAME:?message}`; `$$` is a dollar sign.
 * Source: compose specification, chapter "Interpolation".
 */
function interpolate(text: string, variables: Variables): string {
  const pattern = /\$(?:(\$)|\{(\w+)(?::([-?])([^}]*))?\})/g;
  const uncommented = text.replace(/^\s*#.*$/gm, '');
  return uncommented.replace(pattern, (_, dollar, name, operator, rest) => {
    if (dollar !== undefined) return '$';
    const value = variables[name];
    if (value) return value;
    if (operator === '?') throw new Error(`${name}: ${rest}`);
    return operator === '-' ? rest : '';
  });
}
