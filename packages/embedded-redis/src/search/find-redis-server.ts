import { EmbeddedRedisError } from '../embedded-redis-error.ts';
import { type Environment, STANDARD_ENVIRONMENT } from '../environment.ts';
import { findProgram } from './find-program.ts';
import { probeServer, type RedisServer, type ServerSearch } from './redis-server.ts';
import { unpackServer } from './unpack-server.ts';
import { unpackedServer } from './unpacked-server.ts';

export interface FindOptions {
  /** Folder for a server unpacked from the distribution's packages; created when needed, reused without network. */
  readonly cache: string;
  /** Told in a line what takes time or was passed over. */
  readonly onNotice?: ((line: string) => void) | undefined;
  /** For PATH and proxies; without it the standard folders are searched. */
  readonly environment?: Environment | undefined;
}

/**
 * Finds a Redis or Valkey server: on PATH, else unpacked earlier into `cache`, else downloaded there with apt as an ordinary
 * user.
 *
 * @throws EmbeddedRedisError `no-server`, naming each way tried.
 */
export async function findRedisServer(options: FindOptions): Promise<RedisServer> {
  const environment = options.environment ?? STANDARD_ENVIRONMENT;
  const onNotice = options.onNotice ?? (() => {});
  const ways = [
    () => serverOnPath('redis-server', environment),
    () => serverOnPath('valkey-server', environment),
    () => unpackedServer(options.cache),
    () => unpackServer({ cache: options.cache, environment, onNotice }),
  ];
  const reasons: string[] = [];
  for (const way of ways) {
    const search = await way();
    if (search.ok) return search.server;
    reasons.push(search.reason);
  }
  throw new EmbeddedRedisError(
    'no-server',
    `no Redis server: ${reasons.join('; ')}; install redis-server, or set REDIS_URL to one that runs`,
  );
}

async function serverOnPath(name: string, environment: Environment): Promise<ServerSearch> {
  const program = await findProgram(name, environment);
  return program
    ? probeServer(program, undefined)
    : { ok: false, reason: `${name} is not on PATH` };
}
