import { mkdtempDisposable, readdir, readFile, readlink, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultCache } from './default-cache.ts';
import { isAlive, markPid } from './folder/pid-mark.ts';
import { openEmbeddedRedis } from './open-embedded-redis.ts';
import { openRedisForTest } from './open-redis-for-test.ts';
import { askRedis, type RedisAddress } from './server/ask-redis.ts';

const environment = process.env;
const cache = await defaultCache(environment);
const temporary = () => mkdtempDisposable(join(tmpdir(), 'tagtrail-test-'));

function addressOf({ url }: { readonly url: string }): RedisAddress {
  const { pathname, searchParams } = new URL(url);
  return { socket: decodeURI(pathname), password: searchParams.get('password') ?? '' };
}

describe('openEmbeddedRedis', () => {
  it('keeps every answered write, without eviction, behind a password in a private folder', async () => {
    await using redis = await openRedisForTest();
    const address = addressOf(redis);
    expect(await askRedis(address, ['SET', 'a', 'b'])).toBe('+OK');
    expect(await askRedis(address, ['GET', 'a'])).toBe('b');
    const report = await askRedis(address, ['INFO']);
    expect(report).toMatch(/\baof_enabled:1\b/);
    expect(report).toMatch(/\bmaxmemory_policy:noeviction\b/);
    expect(report).toMatch(/\btcp_port:0\b/);
    expect(await askRedis({ ...address, password: 'wrong' }, ['GET', 'a'])).toMatch(/^-NOAUTH/);
    expect((await stat(dirname(address.socket))).mode & 0o777).toBe(0o700);
    expect(Buffer.byteLength(address.socket)).toBeLessThan(100);
    expect(redis.server).toMatch(/^(redis|valkey)-server \d+\.\d+\.\d+$/);
    expect(await readFile(`/proc/${redis.pid}/cmdline`, 'utf8')).not.toContain(address.password);
  });

  it('finds the writes again after a restart, in a folder with any name', async () => {
    await using parent = await temporary();
    const folder = join(parent.path, `a "strange" \\ näme\nin 2 lines`);
    const open = () => openEmbeddedRedis({ folder, cache, environment });
    {
      await using redis = await open();
      await askRedis(addressOf(redis), ['SET', 'kept', 'yes']);
    }
    await using redis = await open();
    expect(await askRedis(addressOf(redis), ['GET', 'kept'])).toBe('yes');
  });

  it('leaves no server, no socket and no owner behind when it is disposed of, once or twice', async () => {
    await using folder = await temporary();
    const redis = await openEmbeddedRedis({ folder: folder.path, cache, environment });
    const server = await markPid(redis.pid);
    await Promise.all([redis[Symbol.asyncDispose](), redis[Symbol.asyncDispose]()]);
    expect(await isAlive(server)).toBe(false);
    await expect(stat(dirname(addressOf(redis).socket))).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await readdir(folder.path)).sort()).toEqual(['appendonlydir', 'owner.lock']);
    const first = await Promise.race([redis.exited, Promise.resolve('silent')]);
    expect(first).toBe('silent');
  });

  it('removes the folder of a test with its server', async () => {
    const redis = await openRedisForTest();
    const folder = await readlink(`/proc/${redis.pid}/cwd`);
    expect(await readdir(folder)).toContain('owner.json');
    await redis[Symbol.asyncDispose]();
    await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('kills a server that does not end in time', { timeout: 15_000 }, async () => {
    const redis = await openRedisForTest();
    const server = await markPid(redis.pid);
    process.kill(redis.pid, 'SIGSTOP'); // a stopped process keeps TERM for later, KILL it can't
    await redis[Symbol.asyncDispose]();
    expect(await isAlive(server)).toBe(false);
    await expect(stat(dirname(addressOf(redis).socket))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('gives a folder to one of several that open it at once', async () => {
    await using folder = await temporary();
    const open = () => openEmbeddedRedis({ folder: folder.path, cache, environment });
    const settled = await Promise.allSettled([open(), open(), open()]);
    const opened = settled.filter((each) => each.status === 'fulfilled');
    const codes = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));
    expect(opened).toHaveLength(1);
    expect(codes).toEqual(['folder-owned', 'folder-owned']);
    await opened[0]?.value[Symbol.asyncDispose]();
  });

  it('says why the server ended when nobody asked it to', async () => {
    await using redis = await openRedisForTest();
    process.kill(redis.pid, 'SIGKILL');
    expect((await redis.exited).reason).toMatch(/killed \(SIGKILL\)/);
    await expect(stat(dirname(addressOf(redis).socket))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('ends the server when its watchdog is killed', async () => {
    await using folder = await temporary();
    const redis = await openEmbeddedRedis({ folder: folder.path, cache, environment });
    const server = await markPid(redis.pid);
    const { watchdog } = JSON.parse(await readFile(join(folder.path, 'owner.json'), 'utf8'));
    process.kill(watchdog.pid, 'SIGKILL');
    expect((await redis.exited).reason).toMatch(
      /^its watchdog, the shell that started it, ended before it/,
    );
    expect(await isAlive(server)).toBe(false);
    await expect(stat(dirname(addressOf(redis).socket))).rejects.toMatchObject({ code: 'ENOENT' });
    await using again = await openEmbeddedRedis({ folder: folder.path, cache, environment });
    await redis[Symbol.asyncDispose](); // ends the first, and leaves the second alone
    expect(await askRedis(addressOf(again), ['PING'])).toBe('+PONG');
    expect(await readdir(folder.path)).toContain('owner.json');
  });

  it('refuses a folder that can not be written, before it looks for a server', async () => {
    const open = openEmbeddedRedis({ folder: '/proc/self/tagtrail', cache: '/proc/none' });
    await expect(open).rejects.toMatchObject({ code: 'folder-not-writable' });
  });

  it('frees the folder again when there is no server', async () => {
    await using folder = await temporary();
    const options = { folder: join(folder.path, 'f'), cache: join(folder.path, 'c') };
    const open = openEmbeddedRedis({ ...options, environment: { PATH: '' } });
    await expect(open).rejects.toMatchObject({ code: 'no-server' });
    expect(await readdir(options.folder)).toEqual([]);
  });
});
