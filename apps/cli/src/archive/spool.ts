import { close, constants, createReadStream, fstat, open, read, type Stats } from 'node:fs';
import { type FileHandle, mkdtemp, open as openHandle, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { addAbortSignal, Readable } from 'node:stream';
import { isatty, ReadStream as TerminalStream } from 'node:tty';
import { promisify } from 'node:util';
import { CliError, describeSystemError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import { boundedChunks } from './bounded-chunks.ts';

/** Bytes read at a time. */
const CHUNK_BYTES = 64 * 1024;
/** Who opens a named pipe that nobody writes to would else wait where no signal reaches. */
const WITHOUT_WAITING = constants.O_RDONLY | constants.O_NONBLOCK;

// Plain descriptors: a FileHandle cannot hand its own over to a socket.
const openFile = promisify(open);
const readFile = promisify(read);
const closeFile = promisify(close);
const statFile = promisify(fstat);

/** What can be read more than once, and is the same each time. */
export interface Spool extends AsyncDisposable {
  /** For messages. */
  readonly name: string;
  /** From the start. Throws the signal's reason between two chunks. */
  open(): AsyncIterable<Uint8Array>;
}

interface Source {
  readonly name: string;
  readonly signal: AbortSignal;
}

/**
 * The named file, which stays open: one that takes its name meanwhile is another. What can be read only once (standard
 * input, a pipe) is kept in a private temporary file until disposed of: an archive is checked to its end before it is
 * read again. @throws CliError
 */
export async function openSpool(
  filename: string,
  { environment }: CommandContext,
  signal: AbortSignal,
): Promise<Spool> {
  if (filename === '-') {
    return keep(() => asReadable(environment.openStdin()), { name: 'standard input', signal });
  }
  const source = { name: filename, signal };
  const path = resolve(environment.cwd, filename);
  const file = await orSay(`cannot read ${filename}`, () => openFile(path, WITHOUT_WAITING));
  const stats = await statFile(file);
  if (stats.isDirectory()) {
    await closeFile(file);
    throw new CliError('archive', `cannot read ${filename}: is a directory`);
  }
  if (!stats.isFile()) return keep(() => readableOf(file, stats), source);
  const readAt: ReadAt = (buffer, at) => readFile(file, buffer, 0, buffer.length, at);
  return {
    name: filename,
    open: () => chunksOf(readAt, source),
    [Symbol.asyncDispose]: () => closeFile(file),
  };
}

/** Waits for bytes where the stop signal can end it; a read of a pipe in the thread pool would outlive the command. */
function readableOf(file: number, stats: Stats): Readable {
  if (stats.isFIFO() || stats.isSocket()) return new Socket({ fd: file, writable: false });
  if (isatty(file)) return new TerminalStream(file);
  return createReadStream('', { fd: file });
}

function asReadable(chunks: AsyncIterable<Uint8Array | string>): Readable {
  return chunks instanceof Readable ? chunks : Readable.from(chunks);
}

async function keep(open: () => Readable, source: Source): Promise<Spool> {
  const problem = `cannot keep ${source.name}`;
  const folder = await orSay(problem, () => mkdtemp(join(tmpdir(), 'tagtrail-import-')));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const file = await orSay(problem, () => openHandle(join(folder, 'archive'), 'wx+', 0o600));
    try {
      await fill(file, open, source);
    } catch (error) {
      await file.close();
      throw error;
    }
    return keptSpool(file, source, remove);
  } catch (error) {
    await remove();
    throw error;
  }
}

function keptSpool(file: FileHandle, source: Source, remove: () => Promise<void>): Spool {
  const readAt: ReadAt = (buffer, at) => file.read(buffer, 0, buffer.length, at);
  return {
    name: source.name,
    open: () => chunksOf(readAt, source),
    [Symbol.asyncDispose]: async () => {
      await file.close();
      await remove();
    },
  };
}

async function fill(
  file: FileHandle,
  open: () => Readable,
  { name, signal }: Source,
): Promise<void> {
  try {
    const source = addAbortSignal(signal, open());
    for await (const chunk of boundedChunks(source, name)) await file.appendFile(chunk);
  } catch (error) {
    if (signal.aborted || error instanceof CliError) throw error;
    throw saying(`cannot keep ${name}`, error);
  }
}

type ReadAt = (
  buffer: Buffer,
  at: number,
) => Promise<{ readonly bytesRead: number; readonly buffer: Buffer }>;

async function* chunksOf(
  readAt: ReadAt,
  { name, signal }: Source,
): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; ; ) {
    signal.throwIfAborted();
    const position = at;
    const { bytesRead, buffer } = await orSay(`cannot read ${name}`, () =>
      readAt(Buffer.allocUnsafe(CHUNK_BYTES), position),
    );
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function orSay<T>(problem: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw saying(problem, error);
  }
}

function saying(problem: string, cause: unknown): CliError {
  return new CliError('archive', `${problem}: ${describeSystemError(cause)}`, { cause });
}
