import type { RegistryContent } from '../content/registry-content.ts';
import type { Random } from '../seeded-random.ts';
import type { Authority } from '../wire/authority.ts';
import { printable } from '../wire/reply.ts';
import type { WireRequest } from '../wire/route.ts';

/** The registry behind a reply: some effects answer from it in another way. */
export interface FaultStage {
  readonly content: RegistryContent;
  readonly authority: Authority;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** What an effect may look at besides the reply. */
export interface FaultScene extends FaultStage {
  readonly request: WireRequest;
  readonly random: Random;
}

const PLACEHOLDER = /\{(host|port|path|query|repository)\}/g;

/** Puts parts of the request in place of `{host}`, `{port}`, `{path}`, `{query}`, `{repository}`. */
export function fillIn(template: string, { headers, path, query, route }: WireRequest): string {
  const host = headers.host ?? '';
  const parts: Readonly<Record<string, string>> = {
    host,
    port: /:(\d+)$/.exec(host)?.[1] ?? '80',
    path,
    query,
    // As asked for, escapes and all: what no header may hold is left out.
    repository: printable(route.repository ?? ''),
  };
  return template.replace(PLACEHOLDER, (_, name: string) => parts[name] ?? '');
}
