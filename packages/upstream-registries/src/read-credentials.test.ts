import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCredentials } from './read-credentials.ts';

describe('why credentials can not be used', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagtrail-credentials-'));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it.each([
    [
      'is not there',
      undefined,
      (path: string) => `registries.authFile ${path} cannot be read: ENOENT`,
    ],
    ['is no JSON', 'auths:', (path: string) => `registries.authFile ${path}: not a JSON object`],
    [
      'is too long',
      ' '.repeat(1_048_577),
      (path: string) => `registries.authFile ${path} is larger than 1048576 bytes`,
    ],
  ])('is told when the file %s', async (name, text, message) => {
    const path = join(folder, `${name}.json`);
    if (text !== undefined) await writeFile(path, text);
    await expect(readCredentials(path)).rejects.toThrow(message(path));
  });
});
