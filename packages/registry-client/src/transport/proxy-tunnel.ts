import { Socket } from 'node:net';
import { buildConnector, Client } from 'undici';
import type { RegistryLimits } from '../limits.ts';
import { ProxyFailure } from './proxy-failure.ts';
import { describeFailure } from './transport-failure.ts';

/** A forward proxy that knows CONNECT. */
export interface ProxyServer {
  /** `http://host:port` or `https://host:port`. */
  readonly origin: string;
  /** What it wants to hear as Proxy-Authorization; a secret. */
  readonly authorization?: string;
}

/** The proxy on the way to an origin such as `https://registry.example.com`; undefined: there is none. */
export type ProxySource = (origin: string) => ProxyServer | undefined;

const OK = 200;

/**
 * A connection to `place` (`host:port`) through the proxy; what is sent over it, TLS first, reaches that place unread.
 * Throws a {@link ProxyFailure}.
 */
export async function openTunnel(
  { origin, authorization }: ProxyServer,
  place: string,
  limits: RegistryLimits,
): Promise<Socket> {
  const timeout = limits.connectTimeout;
  const client = new Client(origin, {
    connect: buildConnector({ allowH2: false, timeout }),
    allowH2: false,
    headersTimeout: timeout,
    maxHeaderSize: limits.headerBytes,
  });
  const headers = {
    host: place,
    ...(authorization !== undefined && { 'proxy-authorization': authorization }),
  };
  try {
    const { statusCode, socket } = await client.connect({ path: place, headers });
    if (statusCode === OK && socket instanceof Socket) return socket;
    socket.on('error', () => {}).destroy();
    throw new ProxyFailure(`the proxy ${hostOf(origin)} answered ${statusCode}`);
  } catch (error) {
    throw error instanceof ProxyFailure ? error : unreachable(origin, error);
  } finally {
    // The socket has left the client, which goes on to nothing else.
    void client.destroy();
  }
}

function unreachable(origin: string, cause: unknown): ProxyFailure {
  const phrase = describeFailure(cause)?.phrase ?? 'no connection';
  return new ProxyFailure(`the proxy ${hostOf(origin)} cannot be used: ${phrase}`, { cause });
}

/** `host:port`, and no user of it; the port is left out where it is the scheme's own. */
function hostOf(origin: string): string {
  return new URL(origin).host;
}
