import { constants } from 'node:os';
import { BlobStoreError } from '@tagtrail/blob-store';

/** What a file system says, and what to do about it. */
const CAUSES: Readonly<Record<string, string>> = {
  EACCES: 'permission denied; it must belong to the user of this process',
  EBUSY: 'it is busy; is another program using it?',
  EDQUOT: 'the disk quota of this user is used up; raise it, or lower the quota of the store',
  EEXIST: 'something else is in its place; move that away, or choose another folder',
  EFBIG: 'the file would be larger than the file system or ulimit -f allows',
  EIO: 'input/output error; the disk may be damaged',
  EISDIR: 'a folder is where a file belongs; move that away',
  ELOOP: 'a symbolic link is where none belongs, or too many of them point at each other',
  EMFILE: 'too many open files in this process; raise ulimit -n',
  ENFILE: 'too many open files on this machine; raise fs.file-max',
  ENOENT: 'it is gone; was its volume taken away? Restart once it is back',
  ENOSPC: 'no space left on the device; free some, or lower the quota of the store',
  ENOTDIR: 'a file is where a folder belongs; move that away, or choose another folder',
  EPERM: 'operation not permitted; does the file system allow what is asked of it?',
  EROFS: 'the file system is read-only; mount it to be written, or choose another folder',
  ESTALE: 'the network file system forgot it; mount it anew',
};

/** Node has no names for these: it says "Unknown system error -122". */
const NAMELESS = [
  ['EDQUOT', constants.errno.EDQUOT],
  ['ESTALE', constants.errno.ESTALE],
] as const;

const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** `code` of a system error (`ENOENT`), or undefined. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error && 'syscall' in error)) return undefined;
  const errno = 'errno' in error ? error.errno : undefined;
  return NAMELESS.find(([, value]) => errno === -value)?.[0] ?? String(error.code);
}

/**
 * Runs something in the folder of a store. Throws BlobStoreError `no-room` when the disk is full and `unavailable` for all
 * else that a file system refuses, saying what was attempted where; other errors are passed on as they are.
 */
export async function inFolder<T>(
  folder: string,
  attempt: string,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw folderError(folder, attempt, error);
  }
}

/** The error that {@link inFolder} throws for `cause`. */
export function folderError(folder: string, attempt: string, cause: unknown): unknown {
  const code = systemErrorCode(cause);
  if (code === undefined || cause instanceof BlobStoreError) return cause;
  const message = `cannot ${attempt} in the blob folder ${folder}: ${describeCause(code, cause)}`;
  return new BlobStoreError(FULL.has(code) ? 'no-room' : 'unavailable', message, { cause });
}

function describeCause(code: string, cause: unknown): string {
  const words = CAUSES[code];
  if (words === undefined) return cause instanceof Error ? cause.message : code;
  const path = cause instanceof Error && 'path' in cause ? ` at ${String(cause.path)}` : '';
  return `${words} (${code}${path})`;
}
