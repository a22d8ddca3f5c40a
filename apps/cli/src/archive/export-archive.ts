import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CliError, describeSystemError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import type { ConnectionFlags } from '../connection/connection-settings.ts';
import { openSession } from '../connection/open-session.ts';
import { withStopSignals } from '../stop-signals.ts';
import { formatStructured } from '../terminal/structured-output.ts';
import { archiveLines } from './archive-lines.ts';
import { ArchiveCheck, type CheckedArchive } from './check-archive.ts';
import { describeCounts } from './describe-counts.ts';
import { isDevice, openDevice } from './output-device.ts';

/** Streams between two looks of the status line. */
const STATUS_STEP = 16;
const STREAM_LINE = Buffer.from('{"stream":');
const LINE_BREAK = Buffer.from('\n');

export interface ExportFlags extends ConnectionFlags {
  readonly filename: string;
  readonly allNamespaces?: true;
  readonly output?: 'json';
}

type Write = (line: Buffer) => Promise<void>;

/** `export`: checks what it writes as `import` does. A file appears under its name only when it is whole. */
export function exportArchive(flags: ExportFlags, context: CommandContext): Promise<number> {
  return withStopSignals(async (signals) => {
    checkFlags(flags, context);
    try {
      const checked = await writeExport(flags, context, signals.stop);
      return tell(checked, flags, context);
    } catch (error) {
      if (!signals.stop.aborted) throw error;
      return signals.exitCode;
    }
  });
}

function checkFlags(flags: ExportFlags, { output }: CommandContext): void {
  const isStdout = flags.filename === '-';
  if (flags.filename === '') throw new CliError('usage', 'say where to write: -f FILE');
  if (flags.allNamespaces && flags.namespace !== undefined) {
    throw new CliError('usage', 'give either -n or -A, not both');
  }
  if (isStdout && output.isTerminal) {
    throw new CliError('usage', 'an export is for a file or a pipe: say -f FILE');
  }
  if (isStdout && flags.output !== undefined) {
    throw new CliError('usage', '-o needs -f FILE: standard output has the export itself');
  }
}

async function writeExport(
  flags: ExportFlags,
  context: CommandContext,
  signal: AbortSignal,
): Promise<CheckedArchive> {
  if (flags.filename !== '-') return writeFile(flags, context, signal);
  const { output } = context;
  return copyExport(flags, { context, signal, write: (line) => output.bytes(line) });
}

async function writeFile(flags: ExportFlags, context: CommandContext, signal: AbortSignal) {
  const path = resolve(context.environment.cwd, flags.filename);
  if (await isDevice(path)) {
    const device = await onDisk(() => openDevice(path, signal), flags.filename);
    const write = (line: Buffer) => onDisk(() => device.write(line), flags.filename);
    try {
      return await copyExport(flags, { context, signal, write });
    } finally {
      await device.close();
    }
  }
  // Of its own: two exports to one file do not write into each other, and each takes away only what it made.
  const partial = `${path}.${randomUUID()}.partial`;
  const file = await onDisk(() => open(partial, 'wx', 0o600), flags.filename);
  try {
    const write = (line: Buffer) => onDisk(() => writeWhole(file, line), flags.filename);
    const checked = await copyExport(flags, { context, signal, write });
    await onDisk(() => file.sync(), flags.filename);
    await onDisk(() => rename(partial, path), flags.filename);
    return checked;
  } finally {
    await file.close();
    await rm(partial, { force: true });
  }
}

async function writeWhole(file: FileHandle, line: Buffer): Promise<void> {
  for (let at = 0; at < line.length; ) at += (await file.write(line, at)).bytesWritten;
}

async function copyExport(
  flags: ExportFlags,
  {
    context,
    signal,
    write,
  }: {
    readonly context: CommandContext;
    readonly signal: AbortSignal;
    readonly write: Write;
  },
): Promise<CheckedArchive> {
  const { output } = context;
  const { api } = openSession(flags, context);
  const { namespace } = flags;
  const chunks = await api.archive.export({ signal, ...(namespace && { namespace }) });
  const check = new ArchiveCheck('the export');
  let streams = 0;
  for await (const { bytes, isEnded } of archiveLines(chunks)) {
    if (!isEnded) throw check.cutOff();
    check.take(bytes);
    await write(Buffer.concat([bytes, LINE_BREAK]));
    if (!bytes.subarray(0, STREAM_LINE.length).equals(STREAM_LINE)) continue;
    streams += 1;
    if (streams % STATUS_STEP === 0) output.status(`exported ${streams} streams`);
  }
  output.status('');
  return check.finish();
}

function tell({ trailer }: CheckedArchive, flags: ExportFlags, { output }: CommandContext): number {
  const { streams, events, images, unreadable } = trailer;
  if (flags.output === 'json') {
    output.line(formatStructured({ streams, events, images, unreadable }, 'json'));
  } else {
    const target = flags.filename === '-' ? '' : ` to ${flags.filename}`;
    output.note(`exported ${describeCounts(trailer)}${target}`);
  }
  if (unreadable === 0) return 0;
  output.note(`error: ${unreadable} streams could not be read and are not in the export`);
  return 1;
}

async function onDisk<T>(work: () => Promise<T>, name: string): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new CliError('archive', `cannot write ${name}: ${describeSystemError(error)}`, {
      cause: error,
    });
  }
}
