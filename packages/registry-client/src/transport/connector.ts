import { buildConnector } from 'undici';
import type { RegistryLimits } from '../limits.ts';
import { observeLookup } from '../observation/observe-lookup.ts';
import type { RegistryObserver } from '../observation/registry-event.ts';
import { watchConnection } from '../observation/watch-connection.ts';
import { guardedLookup, isRefusedAddress, RefusedAddress } from './dial-guard.ts';
import { ConnectFailure, describeFailure } from './transport-failure.ts';
import type { TransportMode } from './transport-mode.ts';

/** Opens sockets: HTTP/1.1 only, guarded addresses, verified certificates unless the mode says otherwise. */
export function createConnector(
  place: { readonly mode: TransportMode; readonly authority: string },
  limits: RegistryLimits,
  observe?: RegistryObserver,
): buildConnector.connector {
  const connect = buildConnector({
    allowH2: false,
    timeout: limits.connectTimeout,
    lookup: observe === undefined ? guardedLookup : observeLookup(guardedLookup, observe),
    rejectUnauthorized: place.mode !== 'unverified',
  });
  return (options, callback) => {
    const watch = observe === undefined ? undefined : watchConnection(place, observe);
    const fail = (cause: Error): void => {
      const failure = new ConnectFailure(cause);
      watch?.ended(describeFailure(failure));
      callback(failure, null);
    };
    if (isRefusedAddress(options.hostname)) {
      fail(new RefusedAddress(`${options.hostname} is a link-local address`));
      return;
    }
    // undici returns the socket, which its types do not tell.
    const opening: unknown = connect(options, (error, socket) => {
      if (error) return fail(error);
      watch?.ended();
      callback(null, socket);
    });
    watch?.follow(opening);
  };
}
