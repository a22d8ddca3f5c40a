import { mkdir, mkdtempDisposable, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findRedisServer } from './find-redis-server.ts';

const temporary = () => mkdtempDisposable(join(tmpdir(), 'tagtrail-test-'));

async function program(folder: string, name: string, script: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

const speaks = (version: string) => `echo "Redis server v=${version} sha=00000000:0 malloc=libc"`;

/** Stands in for apt and dpkg: a download of the one package there is leaves one file, unpacking it makes a server. */
async function fakeApt(folder: string, packaged = 'redis'): Promise<void> {
  await program(
    folder,
    'apt-get',
    `for word do last=$word; done
     [ "$last" = update ] && exit 0
     [ "$last" = ${packaged}-tools ] || { echo "E: Unable to locate package $last" >&2; exit 100; }
     : >${packaged}-tools.deb`,
  );
  await program(folder, 'apt-cache', 'exit 0');
  const version = packaged === 'valkey' ? 'echo "Valkey server v=8.1.1 sha=0"' : speaks('7.0.15');
  await program(
    folder,
    'dpkg',
    `/bin/mkdir -p "$3/usr/bin"
     printf '#!/bin/sh\\n%s\\n' '${version}' >"$3/usr/bin/${packaged}-server"
     /bin/chmod 755 "$3/usr/bin/${packaged}-server"`,
  );
}

describe('findRedisServer', () => {
  it('takes redis-server from PATH, and valkey-server when there is no other', async () => {
    await using folder = await temporary();
    const cache = join(folder.path, 'cache');
    await program(join(folder.path, 'a'), 'valkey-server', 'echo "Valkey server v=8.1.1 sha=0"');
    const environment = { PATH: join(folder.path, 'a') };
    expect(await findRedisServer({ cache, environment })).toMatchObject({
      name: 'valkey-server',
      version: '8.1.1',
      libraries: undefined,
    });
    await program(join(folder.path, 'b'), 'redis-server', speaks('7.2.4'));
    const both = { PATH: `${environment.PATH}:${join(folder.path, 'b')}` };
    const found = await findRedisServer({ cache, environment: both });
    expect(found).toMatchObject({ program: join(folder.path, 'b/redis-server'), version: '7.2.4' });
  });

  it('names each way it tried, and REDIS_URL, when there is no server and no apt', async () => {
    await using folder = await temporary();
    const cache = join(folder.path, 'cache');
    const search = findRedisServer({ cache, environment: { PATH: '' } });
    await expect(search).rejects.toMatchObject({ code: 'no-server' });
    await expect(search).rejects.toThrow(
      /redis-server is not on PATH; valkey-server is not on PATH; .*cache.* is not there yet; apt-get is not on PATH; .*REDIS_URL/,
    );
  });

  it('passes over a server that is too old and one that does not run, saying so', async () => {
    await using folder = await temporary();
    await program(folder.path, 'redis-server', speaks('6.0.16'));
    await program(
      folder.path,
      'valkey-server',
      'echo "libjemalloc.so.2: cannot open" >&2; exit 127',
    );
    const search = findRedisServer({
      cache: join(folder.path, 'cache'),
      environment: { PATH: folder.path },
    });
    await expect(search).rejects.toThrow(/redis-server is 6\.0\.16, older than 6\.2/);
    await expect(search).rejects.toThrow(
      /valkey-server doesn't run: libjemalloc\.so\.2: cannot open/,
    );
  });

  it('repeats what apt said when nothing can be downloaded', async () => {
    await using folder = await temporary();
    await fakeApt(folder.path);
    await program(folder.path, 'apt-get', 'echo "E: no network" >&2; exit 100');
    const search = findRedisServer({
      cache: join(folder.path, 'cache'),
      environment: { PATH: folder.path },
    });
    await expect(search).rejects.toThrow(
      /apt-get update: E: no network; apt-get download redis-server redis-tools: E: no network/,
    );
    expect(await readdir(join(folder.path, 'cache'))).toEqual([]);
  });

  it('unpacks once, then starts from the cache without apt, and leaves nothing else there', async () => {
    await using folder = await temporary();
    const cache = join(folder.path, 'cache');
    await fakeApt(join(folder.path, 'apt'));
    const notices: string[] = [];
    const onNotice = (line: string) => notices.push(line);
    const environment = { PATH: join(folder.path, 'apt') };
    const unpacked = await findRedisServer({ cache, environment, onNotice });
    expect(notices).toEqual([expect.stringContaining(cache)]);
    const again = await findRedisServer({ cache, environment: { PATH: '' }, onNotice });
    expect(again).toEqual(unpacked);
    expect(notices).toHaveLength(1);
    expect(await readdir(cache)).toHaveLength(1);
  });

  it('unpacks valkey where the distribution has no redis', async () => {
    await using folder = await temporary();
    await fakeApt(folder.path, 'valkey');
    const options = { cache: join(folder.path, 'cache'), environment: { PATH: folder.path } };
    const found = await findRedisServer(options);
    expect(found).toMatchObject({ name: 'valkey-server', version: '8.1.1' });
    expect(await findRedisServer({ ...options, environment: { PATH: '' } })).toEqual(found);
  });

  it('gives racing searches of one empty cache the same server', async () => {
    await using folder = await temporary();
    const cache = join(folder.path, 'cache');
    await fakeApt(join(folder.path, 'apt'));
    const environment = { PATH: join(folder.path, 'apt') };
    const search = () => findRedisServer({ cache, environment });
    const found = await Promise.all([search(), search(), search(), search()]);
    expect(new Set(found.map((server) => server.program)).size).toBe(1);
    expect(await readdir(cache)).toHaveLength(1);
  });

  it('replaces an unpacked server that no longer runs', async () => {
    await using folder = await temporary();
    const cache = join(folder.path, 'cache');
    await fakeApt(join(folder.path, 'apt'));
    const environment = { PATH: join(folder.path, 'apt') };
    const first = await findRedisServer({ cache, environment });
    await writeFile(first.program, '#!/bin/sh\nexit 127\n');
    expect(await findRedisServer({ cache, environment })).toEqual(first);
    expect(await readdir(cache)).toHaveLength(1);
  });

  it('sweeps what a killed unpacking left, and spares one that is under way', async () => {
    await using folder = await temporary();
    const [dead, alive] = [join(folder.path, 'unpack-dead'), join(folder.path, 'unpack-alive')];
    await mkdir(join(dead, 'root/usr'), { recursive: true });
    await mkdir(alive);
    const hoursAgo = Date.now() / 1000 - 2 * 60 * 60;
    await utimes(dead, hoursAgo, hoursAgo);
    const search = findRedisServer({ cache: folder.path, environment: { PATH: '' } });
    await expect(search).rejects.toMatchObject({ code: 'no-server' });
    expect(await readdir(folder.path)).toEqual(['unpack-alive']);
  });

  it('does not take a dangling link on PATH for a program', async () => {
    await using folder = await temporary();
    await symlink(join(folder.path, 'gone'), join(folder.path, 'redis-server'));
    const search = findRedisServer({
      cache: join(folder.path, 'c'),
      environment: { PATH: folder.path },
    });
    await expect(search).rejects.toThrow(/redis-server is not on PATH/);
  });
});
