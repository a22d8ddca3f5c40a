import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that Linux gives to connections that go out (`ip_local_port_range`, from 32768): one of those may be
 * taken between the moment when it is found free and the moment when somebody listens on it.
 */
const LOWEST = 18_000;
const HIGHEST = 31_999;
/** Ports tried; most of them are free. */
const TRIES = 100;

/** A port of 127.0.0.1 on which nobody listens, chosen at random so that tests beside this one choose others. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (await isFree(port)) return port;
  }
  throw new Error(`none of ${TRIES} ports is free`);
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
