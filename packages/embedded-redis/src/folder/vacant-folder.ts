import { setTimeout as wait } from 'node:timers/promises';
import { EmbeddedRedisError } from '../embedded-redis-error.ts';
import { makeFolder } from '../make-folder.ts';
import { folderOwned, recordFile, writing } from './folder-claim.ts';
import { type OwnerRecord, readRecord, sweepAsides } from './owner-record.ts';
import { isAlive, isProven, type PidMark } from './pid-mark.ts';

/** Milliseconds. The watchdog of a killed owner gives its server 3 s. */
const LEFTOVER_TIME_LIMIT = 5_000;
const LEFTOVER_POLL = 50;

/**
 * Makes `folder` (0700) where needed, and resolves when no process is known to use it: what a dead owner left running is waited
 * for, and killed when it is proven to be that owner's.
 *
 * @throws EmbeddedRedisError `folder-not-writable`; `folder-owned` while the owner lives.
 */
export async function untilVacant(folder: string): Promise<void> {
  await writing(folder, () => makeFolder(folder));
  await sweepAsides(recordFile(folder));
  const found = await readRecord(recordFile(folder));
  if (typeof found !== 'object') return;
  if (await isAlive(found.owner)) throw await folderOwned(folder);
  await outlastLeftovers(folder, found);
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
