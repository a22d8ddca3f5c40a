import { originOf, type TransportMode } from '../transport/transport-mode.ts';
import type { Challenge } from './challenge.ts';

export interface BasicScheme {
  readonly kind: 'basic';
}

export interface BearerScheme {
  readonly kind: 'bearer';
  /** Where tokens are issued: absolute, without user name or fragment, https unless the registry speaks plain HTTP. */
  readonly realm: URL;
  readonly service: string | undefined;
  /** Demanded for the request that was refused; several are separated by blanks. */
  readonly scope: string | undefined;
}

export type AuthScheme = BasicScheme | BearerScheme;

/** Who sent the challenges. */
interface Registry {
  readonly mode: TransportMode;
  readonly endpoint: string;
}

/** Not `//host/path`, which is another host. */
const PATH = /^\/(?!\/)/;
/** Longest realm, service or scope accepted; they go into a request line that servers cut at 8 KiB. */
const PARAMETER_LENGTH = 1024;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/** The scheme to answer with: Bearer where it is usable, else Basic; undefined when neither is offered. */
export function chooseScheme(
  challenges: readonly Challenge[],
  registry: Registry,
): AuthScheme | undefined {
  for (const challenge of challenges) {
    const bearer = challenge.scheme === 'bearer' ? readBearer(challenge, registry) : undefined;
    if (bearer !== undefined) return bearer;
  }
  return challenges.some(({ scheme }) => scheme === 'basic') ? { kind: 'basic' } : undefined;
}

function readBearer({ parameters }: Challenge, registry: Registry): BearerScheme | undefined {
  const realm = readRealm(parameters.get('realm'), registry);
  if (realm === undefined) return undefined;
  const service = readParameter(parameters.get('service'));
  const scope = readParameter(parameters.get('scope'));
  return { kind: 'bearer', realm, service, scope };
}

/** A path is one on the registry itself. */
function readRealm(text: string | undefined, { mode, endpoint }: Registry): URL | undefined {
  const written = readParameter(text) ?? '';
  const realm = URL.parse(PATH.test(written) ? `${originOf(mode, endpoint)}${written}` : written);
  if (realm === null || realm.username || realm.password || realm.hash) return undefined;
  if (realm.protocol === 'https:') return realm;
  return realm.protocol === 'http:' && mode === 'plain' ? realm : undefined;
}

function readParameter(text: string | undefined): string | undefined {
  if (text === undefined || text === '' || text.length > PARAMETER_LENGTH) return undefined;
  return PRINTABLE_ASCII.test(text) ? text : undefined;
}
