import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where Redis 7 and Valkey keep the parts of the log; before 7 it was one file in the folder itself. */
export const LOG_FOLDER = 'appendonlydir';

/** What is wrong with the log, in the server's own words. */
export interface LogDamage {
  readonly words: string;
  /** Whether cutting the rest of a part off makes the log readable again. */
  readonly cuttable: boolean;
  /** The part's file name, when the server named it. */
  readonly part: string | undefined;
}

/** Read up to the damage and no further: what follows can be cut. (The file's name is said since Redis 7.) */
const CUTTABLE =
  /(?:Bad file format|Unexpected end of file) reading the append only file(?: (?<part>[\w.-]+))?/;

/** Parts missing, or damaged where nothing can be cut. A missing right or a newer format is no damage. */
const BEYOND_CUTTING = [
  /Unable to obtain the AOF file .*No such file/,
  /Unknown command .* reading the append only file/,
  /Internal error in RDB reading offset/,
  /Invalid AOF manifest file format/,
  /Found an empty AOF manifest/,
  /AOF loading error/,
];

/** Looks for the reason in the last lines of a server that did not start. */
export function findLogDamage(lines: readonly string[]): LogDamage | undefined {
  for (const line of lines) {
    const cuttable = CUTTABLE.exec(line);
    if (cuttable) return { words: cuttable[0], cuttable: true, part: cuttable.groups?.['part'] };
    const beyond = BEYOND_CUTTING.find((pattern) => pattern.test(line));
    if (beyond) return { words: line, cuttable: false, part: undefined };
  }
  return undefined;
}

/** Where the server cut an unfinished last write by itself; what `aof-load-truncated yes` allows it. */
export function findCutTail(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const cut = /Truncating the AOF (\S+) at offset (\d+)/.exec(line);
    if (cut) return `${cut[1]} ended in the middle of a write: cut at byte ${cut[2]}`;
  }
  return undefined;
}

/**
 * Whether parts of a written log lie there without the manifest that lists them. Redis would start empty, and say nothing.
 * A first start that was killed early leaves only an empty first part, and that is no loss.
 */
export async function lacksManifest(folder: string): Promise<boolean> {
  const names = await readdir(join(folder, LOG_FOLDER)).catch(() => []);
  if (names.some((name) => name.endsWith('.aof.manifest') && !name.startsWith('temp-')))
    return false;
  for (const name of names) {
    const part = /\.(\d+)\.(base\.rdb|base\.aof|incr\.aof)$/.exec(name);
    if (part && (Number(part[1]) > 1 || (await holdsWrites(folder, name)))) return true;
  }
  return false;
}

async function holdsWrites(folder: string, name: string): Promise<boolean> {
  return name.endsWith('.incr.aof') && (await stat(join(folder, LOG_FOLDER, name))).size > 0;
}
