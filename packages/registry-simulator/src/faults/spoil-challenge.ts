import type { Reply } from '../wire/reply.ts';
import { replaceHeader } from '../wire/reply.ts';
import type { WireRequest } from '../wire/route.ts';
import { fillIn } from './fault-scene.ts';

/**
 * How a WWW-Authenticate differs from the registry's own. Texts may hold `{host}`, `{port}` and
 * `{repository}`; null leaves a parameter out.
 */
export interface ChallengeForm {
  /** Before the challenge, with the comma that parts them. */
  readonly before?: string;
  /** Behind the challenge, with the comma that parts them. */
  readonly after?: string;
  readonly scheme?: string;
  readonly realm?: string | null;
  readonly service?: string | null;
  readonly scope?: string | null;
}

const HEADER = 'WWW-Authenticate';
const PARAMETER = /(\w+)="([^"]*)"/g;

/** Changes the challenge of a 401; other replies stay. */
export function spoilChallenge(reply: Reply, form: ChallengeForm, request: WireRequest): Reply {
  const honest = reply.headers[HEADER];
  if (reply.status !== 401 || honest === undefined) return reply;
  const { before = '', after = '', scheme, ...changes } = form;
  const own = [...honest.matchAll(PARAMETER)].map(([, name = '', value = '']) => [name, value]);
  const parameters: Record<string, string | null> = { ...Object.fromEntries(own), ...changes };
  const written = Object.entries(parameters)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}="${fillIn(value ?? '', request)}"`);
  const spoiled = `${before}${scheme ?? honest.split(' ', 1)[0]} ${written.join(',')}${after}`;
  return { ...reply, headers: replaceHeader(reply.headers, HEADER, spoiled) };
}
