import { buildConnector } from 'undici';
import type { RegistryLimits } from '../limits.ts';
import { guardedLookup, isRefusedAddress, RefusedAddress } from './dial-guard.ts';
import type { TransportMode } from './transport-mode.ts';

/** A connection that never came to be, with what the network or TLS said as `cause`: no request was sent. */
export class ConnectFailure extends Error {
  override readonly name = 'ConnectFailure';

  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** Opens sockets: HTTP/1.1 only, guarded addresses, verified certificates unless the mode says otherwise. */
export function createConnector(
  mode: TransportMode,
  limits: RegistryLimits,
): buildConnector.connector {
  const connect = buildConnector({
    allowH2: false,
    timeout: limits.connectTimeout,
    lookup: guardedLookup,
    rejectUnauthorized: mode !== 'unverified',
  });
  return (options, callback) => {
    if (isRefusedAddress(options.hostname)) {
      const cause = new RefusedAddress(`${options.hostname} is a link-local address`);
      callback(new ConnectFailure(cause), null);
      return;
    }
    connect(options, (error, socket) => {
      if (error) callback(new ConnectFailure(error), null);
      else callback(null, socket);
    });
  };
}
