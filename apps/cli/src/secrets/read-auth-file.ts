import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MAX_SECRET_BYTES, PULL_SECRET_KEYS } from '@tagtrail/pull-secrets';
import { CliError, describeSystemError } from '../cli-error.ts';

const KEY = PULL_SECRET_KEYS['kubernetes.io/dockerconfigjson'];

/**
 * Reads the file of `--from-file`, written `PATH` or `.dockerconfigjson=PATH`. Throws CliError `usage` for another key,
 * and for a file that cannot be read or holds more than a secret may.
 */
export async function readAuthFile(text: string, cwd: string): Promise<string> {
  const path = text.startsWith(`${KEY}=`) ? text.slice(KEY.length + 1) : text;
  const bytes = await readBounded(resolve(cwd, path), path);
  if (bytes.length <= MAX_SECRET_BYTES) return bytes.toString('utf8');
  throw new CliError('usage', `${path} has more than ${MAX_SECRET_BYTES} bytes`);
}

async function readBounded(path: string, shown: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const room = Buffer.alloc(MAX_SECRET_BYTES + 1);
      const { bytesRead } = await file.read(room, 0, room.length);
      return room.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new CliError('usage', `cannot read ${shown}: ${describeSystemError(cause)}`, { cause });
  }
}
