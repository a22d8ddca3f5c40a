import { isIP, type Socket } from 'node:net';
import { buildConnector } from 'undici';
import type { RegistryLimits } from '../limits.ts';
import { observeLookup } from '../observation/observe-lookup.ts';
import type { RegistryObserver } from '../observation/registry-event.ts';
import { type ConnectionWatch, watchConnection } from '../observation/watch-connection.ts';
import { type AddressPolicy, type Destination, mayBePrivate } from './address-policy.ts';
import { createDialGuard, type DialGuard, RefusedAddress } from './dial-guard.ts';
import { openTunnel, type ProxyServer, type ProxySource } from './proxy-tunnel.ts';
import type { SecureContexts } from './tls-material.ts';
import { ConnectFailure, describeFailure } from './transport-failure.ts';
import { originOf, type TransportMode } from './transport-mode.ts';

/** Where connections go, and how that is spoken to. */
export interface ConnectorPlace extends Destination {
  readonly mode: TransportMode;
  /** Offer HTTP/2, too. */
  readonly http2: boolean;
}

export interface ConnectorParts {
  readonly limits: RegistryLimits;
  readonly addresses: AddressPolicy;
  readonly contexts: SecureContexts;
  readonly proxy: ProxySource;
  readonly observe: RegistryObserver | undefined;
}

const PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** What one attempt to connect needs besides its options. */
interface Dial {
  readonly connect: buildConnector.connector;
  readonly guard: DialGuard;
  readonly watch: ConnectionWatch | undefined;
}

/** Opens sockets to addresses that were judged, with verified certificates unless the mode says otherwise. */
export function createConnector(
  place: ConnectorPlace,
  parts: ConnectorParts,
): buildConnector.connector {
  const { limits, observe } = parts;
  const allowsPrivate = mayBePrivate(place, parts.addresses);
  const unwatched = createDialGuard({ reach: place.reach, allowsPrivate });
  const lookup = observe ? observeLookup(unwatched.lookup, observe) : unwatched.lookup;
  const guard = { ...unwatched, lookup };
  const proxy = parts.proxy(originOf(place.mode, place.authority));
  const connect = createConnect(place, parts, guard);
  return (options, callback) => {
    const { mode, authority } = place;
    const told = { mode, authority, proxied: proxy !== undefined };
    const watch = observe && watchConnection(told, observe);
    const done = (error: Error | null, socket?: Parameters<typeof callback>[1]): void => {
      if (error === null && socket) {
        watch?.ended();
        callback(null, socket);
        return;
      }
      const failure = new ConnectFailure(error ?? new Error('no socket'));
      watch?.ended(describeFailure(failure));
      callback(failure, null);
    };
    const refusal = guard.refusalOf(options.hostname);
    if (refusal !== undefined) return done(refusal);
    const dial: Dial = { connect, guard, watch };
    if (proxy === undefined) return dialDirectly(options, dial, done);
    const mustBeKnown = place.reach === 'led' && !allowsPrivate;
    return dialThrough({ proxy, mustBeKnown, limits }, options, dial, done);
  };
}

function createConnect(
  { mode, authority, reach, http2 }: ConnectorPlace,
  { limits, contexts }: ConnectorParts,
  { lookup }: DialGuard,
): buildConnector.connector {
  const secureContext = mode === 'plain' ? undefined : contexts.of({ authority, reach });
  return buildConnector({
    allowH2: http2,
    preferH2: http2,
    timeout: limits.connectTimeout,
    lookup,
    rejectUnauthorized: mode !== 'unverified',
    ...(secureContext !== undefined && { secureContext }),
  });
}

type Done = (error: Error | null, socket?: Parameters<buildConnector.Callback>[1]) => void;

function dialDirectly(options: buildConnector.Options, { connect, watch }: Dial, done: Done): void {
  // undici returns the socket, which its types do not tell.
  const opening: unknown = connect(options, (error, socket) => done(error, socket));
  watch?.follow(opening);
}

interface Detour {
  readonly proxy: ProxyServer;
  /** Whether a name that only the proxy can look up is refused: nobody could judge where it leads. */
  readonly mustBeKnown: boolean;
  readonly limits: RegistryLimits;
}

/** The proxy opens the connection, so the name is judged before by what it means here. */
function dialThrough(
  { proxy, mustBeKnown, limits }: Detour,
  options: buildConnector.Options,
  dial: Dial,
  done: Done,
): void {
  const { hostname, protocol } = options;
  const port = options.port || PORTS[protocol];
  const tunnel = async (): Promise<Socket> => {
    await judgeName(hostname, dial.guard, mustBeKnown);
    return openTunnel(proxy, `${bracketed(hostname)}:${port}`, limits);
  };
  tunnel().then(
    (socket) => {
      dial.watch?.opened(socket);
      if (protocol === 'https:') dialDirectly({ ...options, httpSocket: socket }, dial, done);
      else done(null, socket);
    },
    (error: Error) => done(error),
  );
}

/** Rejects when the name leads where it must not. */
function judgeName(host: string, { lookup }: DialGuard, mustBeKnown: boolean): Promise<void> {
  if (isIP(host) !== 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    lookup(host, { all: true }, (error) => {
      const isJudged = error instanceof RefusedAddress || mustBeKnown;
      if (error !== null && isJudged) reject(error);
      else resolve();
    });
  });
}

function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}
