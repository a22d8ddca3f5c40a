import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { listOf, load } from './testing/a-blob.ts';
import { makeFolderForTest } from './testing/store-for-test.ts';

const WRITER = fileURLToPath(new URL('./testing/commit-until-killed.ts', import.meta.url));
const KILLS = 20;

/** Lets a process store some blobs and kills it a few ms later, amid whatever it does then. */
async function storeAndKill(folder: string, blobs: number, ms: number): Promise<void> {
  const writer = spawn(process.execPath, [WRITER, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(writer, 'exit');
  let dots = 0;
  await new Promise<void>((resolve, reject) => {
    writer.once('exit', () => reject(new Error('it ended by itself')));
    writer.stdout.on('data', (chunk: Buffer) => {
      dots += chunk.length;
      if (dots >= blobs) resolve();
    });
  });
  setTimeout(() => writer.kill('SIGKILL'), ms);
  expect((await ended)[1]).toBe('SIGKILL');
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

it('leaves nothing but whole blobs when it is killed, at whatever moment', async () => {
  await using place = await makeFolderForTest();
  // Two at a time, on the same folder.
  for (let kill = 0; kill < KILLS; kill += 2) {
    const moments = [0, 1].map(() => [1 + Math.random() * 8, Math.random() * 15] as const);
    await Promise.all(moments.map(([blobs, ms]) => storeAndKill(place.folder, blobs, ms)));
  }
  const root = join(place.folder, 'blobs');
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  for (const { parentPath, name } of files) expect(await hashOf(join(parentPath, name))).toBe(name);

  // Without any repair the store goes on, and knows exactly these.
  await using blobs = await place.open();
  const listed = await listOf(blobs);
  expect(listed.map(({ digest }) => digest.slice('sha256:'.length)).sort()).toEqual(
    files.map(({ name }) => basename(name)).sort(),
  );
  expect(listed.length).toBeGreaterThanOrEqual(KILLS);
  const [first] = listed;
  expect(first && (await load(blobs, first.digest))?.length).toBe(first?.size);

  // What the killed ones had not finished goes when it was not written to for a while.
  place.clock.ms += 16 * 60_000;
  await listOf(blobs);
  expect(await readdir(join(place.folder, 'drafts'))).toEqual([]);
}, 30_000);
