import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedRedis, openRedisForTest } from '../../embedded-redis/src/index.ts';
import { type GuardedRedis, openGuardedRedis } from './open-guarded-redis.ts';
import { defineScript } from './redis-script.ts';

describe('defineScript', () => {
  let server: EmbeddedRedis;
  let guard: GuardedRedis;
  let folder: string;

  beforeAll(async () => {
    server = await openRedisForTest();
    guard = openGuardedRedis({ url: server.url, name: 'test' });
    await guard.ready();
    folder = await mkdtemp(join(tmpdir(), 'tagtrail-script-'));
  });
  afterAll(async () => {
    await guard[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  async function lua(name: string, source: string): Promise<URL> {
    const path = join(folder, name);
    await writeFile(path, source);
    return pathToFileURL(path);
  }

  it('runs with keys and arguments, on a server that never saw the script', async () => {
    const run = defineScript(await lua('a.lua', 'return { KEYS[1], ARGV[1], ARGV[2] }'));
    expect(await run(guard.redis, ['{s}:k'], ['text', 7])).toEqual(['{s}:k', 'text', '7']);
  });

  it('sends the text again after the server forgot it', async () => {
    const run = defineScript(await lua('b.lua', 'return "still here"'));
    await run(guard.redis, [], []);
    await guard.redis.script('FLUSH');
    expect(await run(guard.redis, [], [])).toBe('still here');
  });

  it('puts included files before the script', async () => {
    const include = await lua('double.lua', 'local function double(n) return n * 2 end');
    const run = defineScript(await lua('c.lua', 'return double(tonumber(ARGV[1]))'), [include]);
    expect(await run(guard.redis, [], [21])).toBe(42);
  });

  it('passes bytes unchanged', async () => {
    const run = defineScript(await lua('d.lua', 'return #ARGV[1]'));
    expect(await run(guard.redis, [], [Buffer.from([0, 0xff, 0x80])])).toBe(3);
  });

  it('throws what the script throws', async () => {
    const run = defineScript(await lua('e.lua', 'return redis.error_reply("CONFLICT it moved")'));
    await expect(run(guard.redis, [], [])).rejects.toThrow('CONFLICT it moved');
  });
});
