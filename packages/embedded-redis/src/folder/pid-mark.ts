import { readFile } from 'node:fs/promises';

/** A process, told apart from a later one that got the same number. */
export interface PidMark {
  readonly pid: number;
  /** Boot and start time as the kernel gives them; absent where there is no /proc, and then the number alone must do. */
  readonly started?: string;
}

/** Marks a living process. */
export async function markPid(pid: number): Promise<PidMark> {
  const started = (await readStat(pid))?.started;
  return started === undefined ? { pid } : { pid, started };
}

/** Whether the marked process still runs; one that ended and waits for its parent (a zombie) does not. */
export async function isAlive(mark: PidMark): Promise<boolean> {
  if (!answersSignals(mark.pid)) return false;
  const seen = await readStat(mark.pid);
  if (mark.started === undefined || seen === undefined) return true;
  return seen.started === mark.started && !seen.ended;
}

/** Whether it is proven, not only likely, that `mark` is the process we once knew: what may be killed. */
export async function isProven(mark: PidMark): Promise<boolean> {
  return mark.started !== undefined && (await readStat(mark.pid))?.started === mark.started;
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'; // it lives, and isn't ours
  }
}

/** Fields of /proc/<pid>/stat (proc(5)): state is the third, start time the 22nd; the second may hold spaces and brackets. */
async function readStat(pid: number): Promise<{ started: string; ended: boolean } | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const state = fields[0] ?? '';
    return { started: `${boot.trim()}/${fields[19]}`, ended: state === 'Z' || state === 'X' };
  } catch {
    return undefined; // no such process, or no /proc at all
  }
}
