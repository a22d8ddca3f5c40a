import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { KeyedCertificate } from './keyed-certificate.ts';
import { ServingCertificateError } from './serving-certificate-error.ts';

/** Bytes that are read of a file of ours; they have a few hundred, and what is longer is not one. */
const FILE_LIMIT = 64 * 1024;

/** Where one certificate and its key lie. */
export interface CertificatePaths {
  readonly certificate: string;
  readonly key: string;
}

/** Makes the folder for this user alone; its parent must be there. One that exists stays as it is. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw notUsable('make the folder', folder, error);
  }
}

/** Undefined when one of the two files is missing. */
export async function readPair(paths: CertificatePaths): Promise<KeyedCertificate | undefined> {
  const certificatePem = await readText(paths.certificate);
  const keyPem = await readText(paths.key);
  if (certificatePem === undefined || keyPem === undefined) return undefined;
  return { certificatePem, keyPem };
}

/** Each file appears whole, the key first: a start that ends between them leaves two that do not belong together. */
export async function writePair(paths: CertificatePaths, pair: KeyedCertificate): Promise<void> {
  await replaceFile(paths.key, pair.keyPem);
  await replaceFile(paths.certificate, pair.certificatePem);
}

/** What an earlier start left of its draft is written over, so that drafts do not pile up. */
async function replaceFile(path: string, pem: string): Promise<void> {
  const draft = `${path}.new`;
  try {
    await rm(draft, { force: true });
    await writeFile(draft, pem, { flag: 'wx', mode: 0o600, flush: true });
    await rename(draft, path);
  } catch (error) {
    throw notUsable('write', path, error);
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await text(createReadStream(path, { end: FILE_LIMIT }));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw notUsable('read', path, error);
  }
}

function notUsable(attempt: string, path: string, cause: unknown): ServingCertificateError {
  const reason = codeOf(cause) ?? String(cause);
  const message = `cannot ${attempt} ${path} for the server's certificate: ${reason}`;
  return new ServingCertificateError('folder-not-usable', message, { cause });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}
