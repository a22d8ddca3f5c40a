import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CliError, describeSystemError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';

/** A file that can be read more than once. */
export interface Spool extends AsyncDisposable {
  /** For messages. */
  readonly name: string;
  open(): AsyncIterable<Uint8Array>;
}

/**
 * The named file, or what arrives on standard input, kept in a private temporary file until disposed of: an archive is
 * checked to its end before it is read again. @throws CliError
 */
export async function openSpool(
  filename: string,
  { environment }: CommandContext,
  signal: AbortSignal,
): Promise<Spool> {
  if (filename !== '-') {
    const path = resolve(environment.cwd, filename);
    return {
      name: filename,
      open: () => readChunks(path, filename),
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
  const folder = await mkdtemp(join(tmpdir(), 'tagtrail-import-'));
  const dispose = () => rm(folder, { recursive: true, force: true });
  const path = join(folder, 'archive');
  try {
    const file = createWriteStream(path, { mode: 0o600 });
    await pipeline(Readable.from(environment.openStdin()), file, { signal });
  } catch (error) {
    await dispose();
    if (signal.aborted) throw error;
    throw new CliError('archive', `cannot keep standard input: ${describeSystemError(error)}`);
  }
  const name = 'standard input';
  return { name, open: () => readChunks(path, name), [Symbol.asyncDispose]: dispose };
}

async function* readChunks(path: string, name: string): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk as Uint8Array;
  } catch (error) {
    throw new CliError('archive', `cannot read ${name}: ${describeSystemError(error)}`, {
      cause: error,
    });
  }
}
