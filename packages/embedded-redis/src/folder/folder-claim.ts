import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedRedisError } from '../embedded-redis-error.ts';
import { createRecord, type OwnerRecord, readRecord, replaceRecord } from './owner-record.ts';
import { isAlive, markPid } from './pid-mark.ts';
import { isRunFolder } from './run-folder.ts';

/** What this process started in the folder. */
export interface StartedPids {
  readonly watchdog: number;
  readonly server?: number;
  readonly runFolder: string;
}

/**
 * This process's claim to a folder, written to `owner.json`: its pids are for people and for the next owner. That two servers
 * never write the same log is made sure by the kernel lock on `owner.lock`, which the watchdog and its server hold; the record
 * alone has to do where there is no flock(1).
 */
export interface FolderClaim {
  /**
   * Writes the record, once the watchdog has the lock; clears up after a dead owner. Nothing to do when it is ours already.
   *
   * @throws EmbeddedRedisError `folder-owned`, `folder-not-writable`.
   */
  take(): Promise<void>;
  /** Adds what was started, so that the next owner can wait for its end. */
  record(started: StartedPids): Promise<void>;
  /** Idempotent; leaves another's record alone. */
  release(): Promise<void>;
}

/** The file that carries the kernel lock. Never removed, as a new file would be a new lock. */
export function lockFile(folder: string): string {
  return join(folder, 'owner.lock');
}

export function recordFile(folder: string): string {
  return join(folder, 'owner.json');
}

export async function createClaim(
  folder: string,
  onNotice: (line: string) => void,
): Promise<FolderClaim> {
  const file = recordFile(folder);
  const mine: OwnerRecord = { id: randomUUID(), owner: await markPid(process.pid) };
  const isMine = (found: OwnerRecord | 'unreadable' | undefined) =>
    typeof found === 'object' && found.id === mine.id;
  return {
    take: async () => {
      const found = await readRecord(file);
      if (isMine(found)) return;
      if (found !== undefined) await clearUp(folder, found, onNotice);
      const created = await writing(folder, () => createRecord(file, mine));
      if (!created) throw await folderOwned(folder);
    },
    record: async ({ runFolder, ...pids }) => {
      const watchdog = await markPid(pids.watchdog);
      const server = pids.server === undefined ? {} : { server: await markPid(pids.server) };
      await writing(folder, () => replaceRecord(file, { ...mine, runFolder, watchdog, ...server }));
    },
    release: async () => {
      if (isMine(await readRecord(file))) await rm(file, { force: true });
    },
  };
}

/** The error for a folder that another process has, as far as its record tells which. */
export async function folderOwned(folder: string): Promise<EmbeddedRedisError> {
  const found = await readRecord(recordFile(folder));
  const owner = typeof found === 'object' ? await describeOwner(found) : 'another process';
  return new EmbeddedRedisError('folder-owned', `${folder} is in use by ${owner}`);
}

/** Translates what the file system says against writing in `folder`. */
export async function writing<T>(folder: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${folder} can't be written: ${reason}`;
    throw new EmbeddedRedisError('folder-not-writable', message, { cause: error });
  }
}

async function describeOwner({ owner }: OwnerRecord): Promise<string> {
  if (await isAlive(owner)) return `process ${owner.pid}`;
  return `process ${owner.pid}, which is not visible from here: perhaps in another container`;
}

/** Only with the lock: a dead pid may be a living one of another container. */
async function clearUp(
  folder: string,
  found: OwnerRecord | 'unreadable',
  onNotice: (line: string) => void,
): Promise<void> {
  if (found === 'unreadable') {
    onNotice(`${recordFile(folder)} can't be read: taking the folder over`);
  } else if (await isAlive(found.owner)) {
    throw await folderOwned(folder);
  } else {
    onNotice(`${folder} was left by process ${found.owner.pid}, which is gone: taking it over`);
    await removeRunFolder(found);
  }
  await writing(folder, () => rm(recordFile(folder), { force: true }));
}

/** Left when the watchdog was killed too. The path comes from a file: only what looks like one of ours is removed. */
async function removeRunFolder({ runFolder }: OwnerRecord): Promise<void> {
  if (runFolder === undefined || !isRunFolder(runFolder)) return;
  await rm(runFolder, { recursive: true, force: true }).catch(() => {}); // not ours to remove after all
}
