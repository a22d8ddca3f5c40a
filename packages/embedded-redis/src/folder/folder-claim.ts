import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { EmbeddedRedisError } from '../embedded-redis-error.ts';
import { makeFolder } from '../make-folder.ts';
import { isRunFolder } from '../server/run-folder.ts';
import { createRecord, type OwnerRecord, readRecord, replaceRecord } from './owner-record.ts';
import { isAlive, isProven, markPid, type PidMark } from './pid-mark.ts';

/** The watchdog of a killed owner gives its server 3 s. */
const LEFTOVER_TIME_LIMIT = 5_000;
const LEFTOVER_POLL = 50;

/** Each further attempt means that another process took the folder and left it in between. */
const CLAIM_ATTEMPTS = 5;

/**
 * This process's ownership of a folder. `owner.json` names the pids, for people and for the next owner; that two never write
 * the same log is made sure by the kernel lock that the watchdog and its server hold.
 */
export interface FolderClaim {
  /** Writes down what was started, so that a later owner can wait for its end. */
  record(started: StartedPids): Promise<void>;
  /** Idempotent; leaves another's record alone. */
  release(): Promise<void>;
}

/** What this process started in the folder. */
export interface StartedPids {
  readonly watchdog: number;
  readonly server?: number;
  readonly runFolder: string;
}

/** The file that carries the kernel lock. Never removed, as a new file would be a new lock. */
export function lockFile(folder: string): string {
  return join(folder, 'owner.lock');
}

/**
 * Creates `folder` (0700) where needed and claims it for this process. What a dead owner left running is waited for, and killed
 * when it is proven to be that owner's.
 *
 * @throws EmbeddedRedisError `folder-not-writable`, `folder-owned`.
 */
export async function claimFolder(
  folder: string,
  onNotice: (line: string) => void,
): Promise<FolderClaim> {
  await writing(folder, () => prepareFolder(folder));
  const mine: OwnerRecord = { id: randomUUID(), owner: await markPid(process.pid) };
  for (let attempt = 0; attempt < CLAIM_ATTEMPTS; attempt += 1) {
    await takeOver(folder, onNotice);
    if (await writing(folder, () => createRecord(recordFile(folder), mine))) {
      return createClaim(folder, mine);
    }
  }
  throw new EmbeddedRedisError('folder-owned', `${folder} is being taken by another process`);
}

/** The error for a folder whose kernel lock is held by another. */
export async function folderOwned(folder: string): Promise<EmbeddedRedisError> {
  const found = await readRecord(recordFile(folder));
  const known = found !== undefined && found !== 'unreadable' && found.owner.pid !== process.pid;
  const owner = known
    ? `process ${found.owner.pid}`
    : 'a process that is not visible from here, perhaps in another container';
  return new EmbeddedRedisError('folder-owned', `${folder} is in use by ${owner}`);
}

function recordFile(folder: string): string {
  return join(folder, 'owner.json');
}

/** Translates what the file system says against writing in `folder`. */
async function writing<T>(folder: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${folder} can't be written: ${reason}`;
    throw new EmbeddedRedisError('folder-not-writable', message, { cause: error });
  }
}

async function prepareFolder(folder: string): Promise<void> {
  await makeFolder(folder);
  await rmdir(await mkdtemp(join(folder, '.probe-')));
}

async function takeOver(folder: string, onNotice: (line: string) => void): Promise<void> {
  const found = await readRecord(recordFile(folder));
  if (found === undefined) return;
  if (found === 'unreadable') {
    onNotice(`${recordFile(folder)} can't be read: taking the folder over`);
  } else {
    const { pid } = found.owner;
    if (await isAlive(found.owner)) {
      throw new EmbeddedRedisError('folder-owned', `${folder} is in use by process ${pid}`);
    }
    onNotice(`${folder} was left by process ${pid}, which is gone: taking it over`);
    await outlastLeftovers(folder, found);
    await removeRunFolder(found);
  }
  await writing(folder, () => rm(recordFile(folder), { force: true }));
}

async function outlastLeftovers(folder: string, record: OwnerRecord): Promise<void> {
  const marks = [record.watchdog, record.server].filter((mark) => mark !== undefined);
  if (await allGone(marks)) return;
  for (const mark of marks) {
    if (await isProven(mark)) killPid(mark.pid);
  }
  if (await allGone(marks)) return;
  const pids = marks.map((mark) => mark.pid).join(', ');
  const message = `${folder} is in use by what process ${record.owner.pid} left: ${pids}`;
  throw new EmbeddedRedisError('folder-owned', message);
}

/** Left when the watchdog was killed too. The path comes from a file: only what looks like one of ours is removed. */
async function removeRunFolder({ runFolder }: OwnerRecord): Promise<void> {
  if (runFolder === undefined || !isRunFolder(runFolder)) return;
  await rm(runFolder, { recursive: true, force: true }).catch(() => {}); // another user's: no longer ours to remove
}

async function allGone(marks: readonly PidMark[]): Promise<boolean> {
  const deadline = performance.now() + LEFTOVER_TIME_LIMIT;
  for (;;) {
    const alive = await Promise.all(marks.map(isAlive));
    if (!alive.includes(true)) return true;
    if (performance.now() > deadline) return false;
    await wait(LEFTOVER_POLL);
  }
}

function killPid(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went by itself, or isn't ours to kill: the next look tells.
  }
}

function createClaim(folder: string, mine: OwnerRecord): FolderClaim {
  const file = recordFile(folder);
  return {
    record: async ({ runFolder, ...pids }) => {
      const watchdog = await markPid(pids.watchdog);
      const server = pids.server === undefined ? {} : { server: await markPid(pids.server) };
      const record = { ...mine, runFolder, watchdog, ...server };
      await writing(folder, () => replaceRecord(file, record));
    },
    release: async () => {
      const found = await readRecord(file);
      const isMine = found !== undefined && found !== 'unreadable' && found.id === mine.id;
      if (isMine) await rm(file, { force: true });
    },
  };
}
