import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { CliError, describeSystemError, systemErrorCode } from '../cli-error.ts';

/** Everything `up` starts listens here and nowhere else. */
export const LOOPBACK = '127.0.0.1';

/** Throws CliError `port-taken`, which names the option, unless something could listen on the port now. */
export async function checkPortFree(port: number, option = '--port'): Promise<void> {
  if (await isPortFree(port)) return;
  throw new CliError(
    'port-taken',
    `port ${port} on ${LOOPBACK} is taken; choose another with ${option}`,
  );
}

export async function isPortFree(port: number): Promise<boolean> {
  try {
    await close(await listen(port));
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EADDRINUSE') return false;
    const reason = describeSystemError(error);
    throw new CliError('port-taken', `cannot listen on port ${port} of ${LOOPBACK}: ${reason}`, {
      cause: error,
    });
  }
}

/** As many ports that nobody listens on. All are held until all are known, so that no two are the same. */
export async function findFreePorts(count: number): Promise<readonly number[]> {
  const servers: Server[] = [];
  try {
    for (let index = 0; index < count; index += 1) servers.push(await listen(0));
    return servers.map(portOf);
  } finally {
    await Promise.all(servers.map(close));
  }
}

/** One port that nobody listens on. */
export async function findFreePort(): Promise<number> {
  const [port = 0] = await findFreePorts(1);
  return port;
}

async function listen(port: number): Promise<Server> {
  const server = createServer();
  server.listen({ host: LOOPBACK, port, exclusive: true });
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
