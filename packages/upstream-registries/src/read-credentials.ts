import { readFile } from 'node:fs/promises';
import {
  type CredentialSource,
  decodeDockerAuthFile,
  NO_CREDENTIALS,
} from '@tagtrail/registry-client';

/** Largest credentials file read: thousands of registries fit. */
const MAX_FILE_BYTES = 1024 * 1024;

/** How conditions call the credentials in it: tenants need not know where it lies. */
const FILE_NAME = 'the operator (registries.authFile)';

/** The operator's credentials from a file in Docker's format; anonymous everywhere without one. @throws Error for people */
export async function readCredentials(path: string | undefined): Promise<CredentialSource> {
  if (path === undefined) return () => NO_CREDENTIALS;
  const decoded = decodeDockerAuthFile(await readBounded(path), { name: FILE_NAME });
  if (!decoded.ok) throw new Error(`registries.authFile ${path}: ${decoded.message}`);
  return decoded.credentials;
}

async function readBounded(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    throw new Error(`registries.authFile ${path} cannot be read: ${code}`, { cause });
  }
  if (bytes.length > MAX_FILE_BYTES) {
    throw new Error(`registries.authFile ${path} is larger than ${MAX_FILE_BYTES} bytes`);
  }
  return bytes.toString();
}
