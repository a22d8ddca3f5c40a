import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { defaultCache } from './default-cache.ts';
import { isAlive, markPid, type PidMark } from './folder/pid-mark.ts';
import { openEmbeddedRedis } from './open-embedded-redis.ts';
import { askRedis } from './server/ask-redis.ts';

const environment = process.env;
const cache = await defaultCache(environment);
const temporary = () => mkdtempDisposable(join(tmpdir(), 'tagtrail-test-'));

/** The watchdog's own limit of 3 s, and room for a busy machine. */
const GONE_WITHIN = { timeout: 5_000, interval: 20 };

type Owner = ChildProcessByStdio<null, Readable, null>;
const owners: Owner[] = [];
afterEach(() => {
  for (const owner of owners.splice(0)) owner.kill('SIGKILL');
});

interface Opened {
  readonly owner: Owner;
  readonly socket: string;
  readonly password: string;
  readonly pid: number;
  readonly server: PidMark;
}

/** Another process that opens a server in `folder`, prints what it got, and then runs `afterwards`. */
async function startOwner(
  folder: string,
  o: { limit?: string; afterwards?: string } = {},
): Promise<Opened> {
  const module = new URL('./open-embedded-redis.ts', import.meta.url).href;
  const program = `
    const { openEmbeddedRedis } = await import(${JSON.stringify(module)});
    const redis = await openEmbeddedRedis(${JSON.stringify({ folder, cache })});
    console.log(JSON.stringify({ url: redis.url, pid: redis.pid }));
    ${o.afterwards ?? 'setInterval(() => {}, 60_000);'}`;
  const command = `${o.limit ?? ':'} && exec "$0" --input-type=module -e "$1"`;
  const owner = spawn('/bin/sh', ['-c', command, process.execPath, program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  owners.push(owner);
  const { url, pid } = JSON.parse(await nextLine(owner));
  const { pathname, searchParams } = new URL(url);
  const password = searchParams.get('password') ?? '';
  return { owner, socket: pathname, password, pid, server: await markPid(pid) };
}

async function nextLine(owner: Owner): Promise<string> {
  const [chunk] = await once(owner.stdout, 'data');
  return String(chunk);
}

async function expectGone(opened: Opened): Promise<void> {
  await vi.waitFor(async () => {
    expect(await isAlive(opened.server)).toBe(false);
    await expect(stat(dirname(opened.socket))).rejects.toMatchObject({ code: 'ENOENT' });
  }, GONE_WITHIN);
}

describe('the server of another process', () => {
  it('is gone, and its socket folder too, soon after kill -9 of its owner', async () => {
    await using folder = await temporary();
    const opened = await startOwner(folder.path);
    expect(await askRedis(opened, ['PING'])).toBe('+PONG');
    opened.owner.kill('SIGKILL');
    await expectGone(opened);
  });

  it('is gone after its owner ended without disposing of it', async () => {
    await using folder = await temporary();
    const opened = await startOwner(folder.path, { afterwards: 'process.exit(0);' });
    await expectGone(opened);
  });

  it('does not keep an owner alive that has nothing else to do', async () => {
    await using folder = await temporary();
    const opened = await startOwner(folder.path, { afterwards: ';' });
    if (opened.owner.exitCode === null) await once(opened.owner, 'exit');
    expect(opened.owner.exitCode).toBe(0);
    await expectGone(opened);
  });

  it('does not hear the Ctrl-C of its owner', async () => {
    await using folder = await temporary();
    const opened = await startOwner(folder.path);
    const group = async (pid: number) =>
      (await readFile(`/proc/${pid}/stat`, 'utf8')).split(' ')[4];
    expect(await group(opened.pid)).not.toBe(await group(Number(opened.owner.pid)));
  });

  it('makes its folder refused to others while the owner lives, naming its pid', async () => {
    await using folder = await temporary();
    const opened = await startOwner(folder.path);
    const second = openEmbeddedRedis({ folder: folder.path, cache, environment });
    await expect(second).rejects.toMatchObject({ code: 'folder-owned' });
    await expect(second).rejects.toThrow(`in use by process ${opened.owner.pid}`);
  });

  it('hands its folder and writes over as soon as the owner was killed', async () => {
    await using folder = await temporary();
    const opened = await startOwner(folder.path);
    await askRedis(opened, ['SET', 'kept', 'yes']);
    opened.owner.kill('SIGKILL');
    await once(opened.owner, 'exit');
    const notices: string[] = [];
    const onNotice = (line: string) => notices.push(line);
    await using redis = await openEmbeddedRedis({
      folder: folder.path,
      cache,
      environment,
      onNotice,
    });
    expect(notices).toEqual([
      expect.stringContaining(`process ${opened.owner.pid}, which is gone`),
    ]);
    expect(redis.pid).not.toBe(opened.pid);
    const { pathname: socket, searchParams } = new URL(redis.url);
    const password = searchParams.get('password') ?? '';
    expect(await askRedis({ socket, password }, ['GET', 'kept'])).toBe('yes');
  });

  it('is killed by the next owner when owner and watchdog were killed together', async () => {
    await using folder = await temporary();
    const opened = await startOwner(folder.path);
    const { watchdog } = JSON.parse(await readFile(join(folder.path, 'owner.json'), 'utf8'));
    opened.owner.kill('SIGSTOP'); // or else it would see its watchdog die, and end the server itself
    process.kill(watchdog.pid, 'SIGKILL');
    opened.owner.kill('SIGKILL');
    await once(opened.owner, 'exit');
    expect(await isAlive(opened.server)).toBe(true);
    await using redis = await openEmbeddedRedis({ folder: folder.path, cache, environment });
    expect(await isAlive(opened.server)).toBe(false);
    expect(redis.pid).not.toBe(opened.pid);
    await expectGone(opened);
  });

  it('names a full disk as the reason of its end', async () => {
    await using folder = await temporary();
    // A limit on the size of files cuts a write short just as a full disk does, and needs no root.
    const opened = await startOwner(folder.path, {
      limit: 'ulimit -f 100',
      afterwards: `
        const awake = setInterval(() => {}, 60_000);
        console.log((await redis.exited).reason);
        clearInterval(awake);`,
    });
    const reason = nextLine(opened.owner);
    await askRedis(opened, ['SET', 'large', 'x'.repeat(60_000)]);
    expect(await reason).toMatch(/^the disk that holds .* is full/);
  });
});
