import { link, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { PidMark } from './pid-mark.ts';

/** The content of `owner.json`: who owns a folder, and what it started there. */
export interface OwnerRecord {
  /** Tells one ownership from another, also of the same process. */
  readonly id: string;
  readonly owner: PidMark;
  readonly watchdog?: PidMark;
  readonly server?: PidMark;
  /** Of the server's socket; its watchdog removes it, unless that was killed. */
  readonly runFolder?: string;
}

/** Milliseconds; writing a record takes one. */
const ASIDE_LIFE = 60_000;

/** Writes a record where none is; false when one is. Whole or not at all, as its content was complete before it got the name. */
export async function createRecord(file: string, record: OwnerRecord): Promise<boolean> {
  const aside = await writeAside(file, record);
  try {
    await link(aside, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

export async function replaceRecord(file: string, record: OwnerRecord): Promise<void> {
  await rename(await writeAside(file, record), file);
}

/** Undefined when there is none; 'unreadable' for what a power cut or a stranger left. */
export async function readRecord(file: string): Promise<OwnerRecord | 'unreadable' | undefined> {
  try {
    const record: unknown = JSON.parse(await readFile(file, 'utf8'));
    return isOwnerRecord(record) ? record : 'unreadable';
  } catch (error) {
    const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return absent ? undefined : 'unreadable';
  }
}

/** Removes what a process left that was killed between the two steps of writing. */
export async function sweepAsides(file: string): Promise<void> {
  const folder = dirname(file);
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(`${basename(file)}.`))) {
    const aside = join(folder, name);
    const seen = await stat(aside).catch(() => undefined);
    if (seen && Date.now() - seen.mtimeMs > ASIDE_LIFE) await rm(aside, { force: true });
  }
}

async function writeAside(file: string, record: OwnerRecord): Promise<string> {
  const aside = `${file}.${record.id}`;
  await writeFile(aside, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  return aside;
}

function isOwnerRecord(value: unknown): value is OwnerRecord {
  if (!isObject(value)) return false;
  const { id, owner, watchdog, server, runFolder } = value;
  return (
    typeof id === 'string' &&
    isPidMark(owner) &&
    (watchdog === undefined || isPidMark(watchdog)) &&
    (server === undefined || isPidMark(server)) &&
    (runFolder === undefined || typeof runFolder === 'string')
  );
}

/** A pid of 0 or below would mean a whole group, or everybody, to kill(2). */
function isPidMark(value: unknown): value is PidMark {
  if (!isObject(value)) return false;
  const { pid, started } = value;
  const isPid = Number.isInteger(pid) && Number(pid) > 0;
  return isPid && (started === undefined || typeof started === 'string');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
