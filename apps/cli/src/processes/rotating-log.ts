import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

/** A log and the one before it: enough to see what led to a failure, and never more than twice this on disk. */
const LOG_LIMIT_BYTES = 5 * 1024 * 1024;

export interface RotatingLog extends Disposable {
  /** Appends a line. A full disk loses lines, not the process. */
  write(line: string): void;
}

/**
 * Opens `path` for appending, mode 0600. Beyond the limit the file becomes `path.1`, in place of an older one.
 * Writes are synchronous, so that a child's last words are on disk when its end is reported. Throws the system error
 * when the file cannot be opened.
 */
export function openRotatingLog(path: string, limit: number = LOG_LIMIT_BYTES): RotatingLog {
  let file = openAppending(path);
  let size = fstatSync(file).size;
  return {
    write: (line) => {
      const bytes = Buffer.from(`${line}\n`);
      try {
        if (size > 0 && size + bytes.length > limit) {
          closeSync(file);
          renameSync(path, `${path}.1`);
          file = openAppending(path);
          size = 0;
        }
        size += writeSync(file, bytes);
      } catch {
        // Nothing better to do with a line that the disk does not take: warnings reach the terminal anyway.
      }
    },
    [Symbol.dispose]: () => closeSync(file),
  };
}

function openAppending(path: string): number {
  return openSync(path, 'a', 0o600);
}
