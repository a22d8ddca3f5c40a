import { closeSync, openSync, readSync } from 'node:fs';

/** Reads a text file whole. Throws when it can't be read or has more than `limit` bytes. It counts what it reads: pipes and devices have no size. */
export function readBounded(path: string, limit: number): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(limit + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null);
    }
    if (length > limit) throw new RangeError(`it has more than ${limit} bytes`);
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}

/** Words for an operator who named a file that can't be read. */
export function fileProblem(path: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return `cannot read ${path}: ${REASONS[code ?? ''] ?? message}`;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
};
