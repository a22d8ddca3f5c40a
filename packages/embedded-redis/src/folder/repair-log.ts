import { constants } from 'node:fs';
import { access, copyFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EmbeddedRedisError } from '../embedded-redis-error.ts';
import { makeFolder } from '../make-folder.ts';
import { libraryEnvironment, logRepairTool, type RedisServer } from '../search/redis-server.ts';
import { runCommand } from '../search/run-command.ts';
import { LOG_FOLDER, type LogDamage } from './log-damage.ts';

/** The tool reads the log once, about as fast as the server. */
const REPAIR_TIME_LIMIT = 120_000;

/** The tool's question before it cuts: "Continue? [y/N]". */
const CONFIRMATION = 'y\n';

export interface RepairOptions {
  readonly server: RedisServer;
  readonly folder: string;
  readonly damage: LogDamage;
  readonly onNotice: (line: string) => void;
}

/**
 * Cuts the log where it stops being readable, with the server's own tool, after a copy of the damaged part was put into
 * `<folder>/damaged`. The notice says how much was cut: everything written after the damage.
 *
 * @throws EmbeddedRedisError `log-damaged` when it can't be mended; then nothing was changed.
 */
export async function repairLog(options: RepairOptions): Promise<void> {
  const { server, folder, damage } = options;
  if (!damage.cuttable) throw damaged(folder, damage.words);
  const tool = await logRepairTool(server);
  if (!tool) throw damaged(folder, `${damage.words}, and ${server.program} came without a tool`);
  const log = await logFile(folder);
  const part = damage.part === undefined ? log : join(folder, LOG_FOLDER, damage.part);
  const before = await stat(part);
  const copy = await keepCopy(part, { folder, changed: before.mtime });

  const env = libraryEnvironment(server.libraries);
  const command = { env, timeLimit: REPAIR_TIME_LIMIT, input: CONFIRMATION };
  const result = await runCommand(tool, ['--fix', log], command);
  const { size } = await stat(part);
  if (!result.ok || size === before.size) {
    const reason = result.ok ? 'it found nothing to cut' : lastLine(result.stdout);
    throw damaged(folder, `${damage.words}; ${tool} did not mend it: ${reason}`);
  }
  const cut = before.size - size;
  options.onNotice(
    `the log was damaged: cut its last ${cut} of ${before.size} bytes; kept as it was in ${copy}`,
  );
}

/** The error for a log that stays as it is. */
export function damaged(folder: string, reason: string): EmbeddedRedisError {
  const advice = 'restore the folder from a copy, or move it away to start empty';
  return new EmbeddedRedisError(
    'log-damaged',
    `the log in ${folder} is damaged: ${reason}; ${advice}`,
  );
}

async function logFile(folder: string): Promise<string> {
  const manifest = join(folder, LOG_FOLDER, 'appendonly.aof.manifest');
  const parted = await access(manifest).then(
    () => true,
    () => false,
  );
  return parted ? manifest : join(folder, 'appendonly.aof');
}

/** Named after the part's last change: trying again and again keeps one copy, not many. */
async function keepCopy(
  part: string,
  { folder, changed }: { readonly folder: string; readonly changed: Date },
): Promise<string> {
  const kept = join(folder, 'damaged');
  const copy = join(kept, `${changed.toISOString().replaceAll(':', '')}-${basename(part)}`);
  try {
    await makeFolder(kept);
    await copyFile(part, copy, constants.COPYFILE_FICLONE);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw damaged(folder, `${basename(part)} needs mending, and no copy can be kept: ${reason}`);
  }
  return copy;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
