import { mkdtempDisposable, open, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultCache } from './default-cache.ts';
import { openEmbeddedRedis } from './open-embedded-redis.ts';
import { askRedis } from './server/ask-redis.ts';

const environment = process.env;
const cache = await defaultCache(environment);

interface Reopened {
  readonly notices: readonly string[];
  readonly values: readonly (string | undefined)[];
}

/** A folder whose log holds 20 writes, `key0` … `key19`; its last part is `part`. */
async function writtenFolder() {
  const folder = await mkdtempDisposable(join(tmpdir(), 'tagtrail-test-'));
  await using redis = await openEmbeddedRedis({ folder: folder.path, cache, environment });
  for (let n = 0; n < 20; n += 1) await ask(redis.url, ['SET', `key${n}`, `value${n}`]);
  const logs = join(folder.path, 'appendonlydir');
  const name = (await readdir(logs)).find((each) => each.endsWith('.incr.aof'));
  const part = join(logs, String(name));
  return { path: folder.path, logs, part, [Symbol.asyncDispose]: () => folder.remove() };
}

async function reopen(folder: string): Promise<Reopened> {
  const notices: string[] = [];
  const onNotice = (line: string) => notices.push(line);
  await using redis = await openEmbeddedRedis({ folder, cache, environment, onNotice });
  const values = [];
  for (const key of ['key0', 'key9', 'key19']) values.push(await ask(redis.url, ['GET', key]));
  return { notices, values };
}

function ask(url: string, words: readonly string[]): Promise<string | undefined> {
  const { pathname: socket, searchParams } = new URL(url);
  return askRedis({ socket, password: searchParams.get('password') ?? '' }, words);
}

async function overwrite(path: string, bytes: string, position: number): Promise<void> {
  await using file = await open(path, 'r+');
  await file.write(bytes, position);
}

describe('a damaged log', () => {
  it('loses an unfinished last write only, and that is said', async () => {
    await using folder = await writtenFolder();
    await truncate(folder.part, (await stat(folder.part)).size - 5);
    const { notices, values } = await reopen(folder.path);
    expect(values).toEqual(['value0', 'value9', '$-1']);
    expect(notices).toEqual([
      expect.stringMatching(/ended in the middle of a write: cut at byte \d+/),
    ]);
  });

  it('is cut where it stops being readable, after a copy was put aside, and the loss is counted', async () => {
    await using folder = await writtenFolder();
    const before = await readFile(folder.part);
    await overwrite(folder.part, 'XXXX', before.indexOf('key10') - 6);
    const damagedBytes = await readFile(folder.part);
    const { notices, values } = await reopen(folder.path);
    expect(values).toEqual(['value0', 'value9', '$-1']);
    expect(notices).toHaveLength(1);
    const cut = /cut its last (\d+) of (\d+) bytes; kept as it was in (.*)$/.exec(notices[0] ?? '');
    expect(Number(cut?.[2])).toBe(before.length);
    expect(Number(cut?.[1])).toBe(before.length - (await stat(folder.part)).size);
    expect(await readFile(cut?.[3] ?? '')).toEqual(damagedBytes);
    expect((await reopen(folder.path)).notices).toEqual([]);
  });

  it('is cut at the zeros that a power failure leaves', async () => {
    await using folder = await writtenFolder();
    await overwrite(folder.part, '\0'.repeat(4096), (await stat(folder.part)).size);
    const { notices, values } = await reopen(folder.path);
    expect(values).toEqual(['value0', 'value9', 'value19']);
    expect(notices).toEqual([expect.stringContaining('cut its last 4096 of')]);
  });

  it.each(['base.rdb', 'incr.aof', 'manifest'])(
    'is refused and left alone when its %s is missing',
    async (kind) => {
      await using folder = await writtenFolder();
      const names = await readdir(folder.logs);
      const name = names.find((each) => each.endsWith(kind)) ?? kind;
      await rm(join(folder.logs, name));
      const attempt = reopen(folder.path);
      await expect(attempt).rejects.toMatchObject({ code: 'log-damaged' });
      await expect(attempt).rejects.toThrow(folder.path);
      expect(await readdir(folder.logs)).toEqual(names.filter((each) => each !== name));
      expect(await readdir(folder.path)).not.toContain('owner.json');
    },
  );
});
