import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SecretCipherError } from './secret-cipher-error.ts';
import { formatSecretKey, KEY_BYTES, parseSecretKeys, type SecretKeys } from './secret-keys.ts';

/** Bytes that are read of a key file: sixteen keys have 720, and what is longer is none. */
const FILE_LIMIT = 4096;
const SUPERUSER = 0;
/** Whoever else is on the machine, and the file's group unless the superuser chose it. As PostgreSQL judges its keys. */
const OTHERS = 0o007;
const GROUP_AND_OTHERS = 0o077;

/**
 * The keys of a file that nobody else can read. Throws SecretCipherError `key-file-not-usable`, with the command that
 * mends the file's mode, or `invalid-key`; both name the file.
 */
export async function readSecretKeys(path: string): Promise<SecretKeys> {
  const text = await readPrivateFile(path);
  try {
    return parseSecretKeys(text);
  } catch (error) {
    if (!(error instanceof SecretCipherError)) throw error;
    throw new SecretCipherError('invalid-key', `key file ${path}: ${error.message}`);
  }
}

/**
 * Makes a file with a new random key, whole or not at all, mode 0600. Throws SecretCipherError `key-file-exists` rather
 * than replace a file, because what is sealed with a lost key is lost, or `key-file-not-usable`.
 */
export async function createSecretKeyFile(path: string): Promise<void> {
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    await writeDraft(draft);
    // Unlike a rename, a link never takes the place of a file that is there.
    await link(draft, path);
    await rm(draft);
    await flushFolder(dirname(path));
  } catch (error) {
    await rm(draft, { force: true });
    if (codeOf(error) !== 'EEXIST') throw notUsable('write', path, error);
    const message = `there is a file at ${path} already; a new key would not open what its key has sealed`;
    throw new SecretCipherError('key-file-exists', message, { cause: error });
  }
}

async function writeDraft(path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(formatSecretKey(randomBytes(KEY_BYTES)));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A file's name lasts from when its folder is on disk. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function readPrivateFile(path: string): Promise<string> {
  try {
    // Not waiting for a writer, should this be a pipe.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const { buffer, bytesRead } = await readUnexposed(file, path).finally(() => file.close());
    if (bytesRead <= FILE_LIMIT) return buffer.toString('utf8', 0, bytesRead);
    const message = `key file ${path} has more than ${FILE_LIMIT} bytes`;
    throw new SecretCipherError('invalid-key', message);
  } catch (error) {
    if (error instanceof SecretCipherError) throw error;
    throw notUsable('read', path, error);
  }
}

async function readUnexposed(file: FileHandle, path: string) {
  await refuseExposed(file, path);
  return file.read(Buffer.alloc(FILE_LIMIT + 1), 0, FILE_LIMIT + 1);
}

/** The superuser's file may be its group's, too: Kubernetes hands out its volumes like that. */
async function refuseExposed(file: FileHandle, path: string): Promise<void> {
  const status = await file.stat();
  if (!status.isFile()) {
    throw new SecretCipherError('key-file-not-usable', `key file ${path} is not a file`);
  }
  const exposed = status.uid === SUPERUSER ? OTHERS : GROUP_AND_OTHERS;
  if ((status.mode & exposed) === 0) return;
  const message = `key file ${path} can be read by others; chmod 600 ${path} mends that`;
  throw new SecretCipherError('key-file-not-usable', message);
}

function notUsable(attempt: string, path: string, cause: unknown): SecretCipherError {
  const reason = codeOf(cause) ?? String(cause);
  const message = `cannot ${attempt} key file ${path}: ${reason}`;
  return new SecretCipherError('key-file-not-usable', message, { cause });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}
