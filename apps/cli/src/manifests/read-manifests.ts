import { isUtf8 } from 'node:buffer';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CliError, describeSystemError } from '../cli-error.ts';
import { type ManifestEntry, parseManifests } from './parse-manifests.ts';

/**
 * Two thousand streams of twenty tags, read in about two seconds; keeps a wrong path (a disk image, a log) out of memory.
 * One object may have 1 MiB.
 */
const FILE_LIMIT_BYTES = 4 * 1024 * 1024;
const MANIFEST_FILE = /\.(?:ya?ml|json)$/u;

export interface ManifestSources {
  readonly cwd: string;
  readonly openStdin: () => AsyncIterable<Uint8Array | string>;
}

/**
 * The objects of all files, in order. `-` reads standard input; a folder stands for its .yaml, .yml and .json files by name.
 * Everything is read before anything is returned, so that a mistake in the last file is found before the first is sent.
 */
export async function readManifests(
  paths: readonly string[],
  sources: ManifestSources,
): Promise<readonly ManifestEntry[]> {
  // Not pushed one by one as arguments: a file may hold more entries than a call may have.
  const entries: (readonly ManifestEntry[])[] = [];
  for (const path of paths) entries.push(await readPath(path, sources));
  return entries.flat();
}

/** What cannot be read is a mistake like those within a file. */
async function readPath(path: string, sources: ManifestSources): Promise<readonly ManifestEntry[]> {
  try {
    const entries: (readonly ManifestEntry[])[] = [];
    for (const file of await expandFolder(path, sources.cwd)) {
      const isStdin = file === '-';
      const text = isStdin ? await readAll(sources.openStdin()) : await readText(file, sources.cwd);
      entries.push(parseManifests(text, isStdin ? 'standard input' : file));
    }
    return entries.flat();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [{ ok: false, problems: [error.message] }];
  }
}

async function expandFolder(path: string, cwd: string): Promise<readonly string[]> {
  if (path === '-') return [path];
  if (/^https?:\/\//u.test(path)) {
    throw new CliError(
      'manifest',
      `${path}: URLs are not read; pipe it: curl URL | tagtrail … -f -`,
    );
  }
  const found = await stat(resolve(cwd, path)).catch((error: unknown) => refuse(path, error));
  if (!found.isDirectory()) return [path];
  const names = (await readdir(resolve(cwd, path))).filter((name) => MANIFEST_FILE.test(name));
  if (names.length === 0) {
    throw new CliError('manifest', `${path}: no .yaml, .yml or .json file in this folder`);
  }
  return names.toSorted().map((name) => join(path, name));
}

async function readText(path: string, cwd: string): Promise<string> {
  const file = resolve(cwd, path);
  try {
    if ((await stat(file)).size > FILE_LIMIT_BYTES) throw tooLarge(path);
    return decodeText(await readFile(file), path);
  } catch (error) {
    return refuse(path, error);
  }
}

async function readAll(stdin: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    const part = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    bytes += part.length;
    if (bytes > FILE_LIMIT_BYTES) throw tooLarge('standard input');
    chunks.push(part);
  }
  return decodeText(Buffer.concat(chunks), 'standard input');
}

function decodeText(bytes: Buffer, path: string): string {
  // UTF-16 without a mark is full of zeros, which UTF-8 allows and no definition has.
  if (isUtf8(bytes) && !bytes.includes(0)) return bytes.toString('utf8').replace(/^\ufeff/u, '');
  throw new CliError('manifest', `${path}: not a text in UTF-8; save it as one`);
}

function tooLarge(path: string): CliError {
  const limit = `${FILE_LIMIT_BYTES / 1024 / 1024} MiB`;
  return new CliError('manifest', `${path}: larger than ${limit}; split it into several files`);
}

function refuse(path: string, error: unknown): never {
  if (error instanceof CliError) throw error;
  throw new CliError('manifest', `cannot read ${path}: ${describeSystemError(error)}`, {
    cause: error,
  });
}
