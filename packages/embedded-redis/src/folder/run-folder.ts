import { randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';

/** sun_path holds 108 bytes, and some clients count the terminating zero. */
const SOCKET_PATH_LIMIT_BYTES = 100;

const PREFIX = 'tagtrail-redis-';

/**
 * The folder of one server's socket and configuration: a name nobody can guess, short enough for a socket in it. The watchdog
 * makes it (0700), and fails if it is there.
 */
export function chooseRunFolder(temporary: string): string {
  const name = `${PREFIX}${randomBytes(8).toString('hex')}`;
  const preferred = join(temporary, name);
  const isShort = Buffer.byteLength(socketIn(preferred)) < SOCKET_PATH_LIMIT_BYTES;
  return isShort ? preferred : join('/tmp', name);
}

export function socketIn(runFolder: string): string {
  return join(runFolder, 'r.sock');
}

/** Whether a path read from a file is one that {@link chooseRunFolder} may have made: what may be removed. */
export function isRunFolder(path: string): boolean {
  return path.startsWith('/') && /^tagtrail-redis-[0-9a-f]{16}$/.test(basename(path));
}
