import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { defaultCache, findRedisServer, type RedisServer } from '@tagtrail/embedded-redis';
import { Redis } from 'ioredis';
import { until } from './until.ts';

/** ms to read a log of some MB. */
const START_LIMIT = 20_000;
/** Bytes that still fit on the full disk: a few commands. */
const LAST_BYTES = 4_096;
/** ms in which some command writes beyond them. */
const FULL_LIMIT = 10_000;

/**
 * A Redis that is configured as `up` configures its own, at an address and on a folder that outlive it, so that it can
 * be killed and started again under the processes that use it.
 */
export class RestartableRedis implements AsyncDisposable {
  readonly url: string;
  readonly path: string;
  readonly #folder: string;
  readonly #server: RedisServer;
  #child: ChildProcess | undefined;
  #exited: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, server: RedisServer) {
    this.#folder = folder;
    this.#server = server;
    this.path = join(folder, 'redis.sock');
    this.url = `unix://${this.path}`;
  }

  static async open(): Promise<RestartableRedis> {
    const cache = await defaultCache(process.env);
    const server = await findRedisServer({ cache, environment: process.env });
    const folder = await mkdtemp(join(tmpdir(), 'tagtrail-chaos-'));
    const redis = new RestartableRedis(folder, server);
    await redis.start();
    return redis;
  }

  get runs(): boolean {
    return this.#child !== undefined;
  }

  /** Resolves once it has read its log and answers. */
  async start(): Promise<void> {
    if (this.#child !== undefined) return;
    const child = spawn('/bin/sh', ['-c', SHELL, this.#server.program], {
      cwd: this.#folder,
      env: {
        LC_ALL: 'C',
        PATH: '/usr/bin:/bin',
        LD_LIBRARY_PATH: this.#server.libraries ?? '/lib',
      },
      stdio: ['pipe', 'ignore', 'ignore'],
      // Ctrl-C is for the conductor, who ends everything in order.
      detached: true,
    });
    this.#child = child;
    this.#exited = new Promise((resolve) =>
      child.once('exit', () => {
        if (this.#child === child) this.#child = undefined;
        resolve(undefined);
      }),
    );
    child.stdin.end(configuration(this.#folder, this.path));
    const answered = await until(async () => (await this.#ping()) || undefined, START_LIMIT);
    if (answered !== true) throw new Error(`redis did not start within ${START_LIMIT} ms`);
  }

  /** Sends the signal; resolves at once. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Resolves when it is gone. */
  async end(signal: NodeJS.Signals): Promise<void> {
    this.signal(signal);
    await this.#exited;
  }

  /** Forbids its log to grow, until it ends: it does at the first write that is cut short. False when it did not. */
  async fillDisk(): Promise<boolean> {
    const child = this.#child;
    if (child?.pid === undefined) return false;
    const limit = (await this.#logSize()) + LAST_BYTES;
    await promisify(execFile)('prlimit', ['--pid', String(child.pid), `--fsize=${limit}`]);
    await Promise.race([this.#exited, wait(FULL_LIMIT)]);
    return this.#child !== child;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal('SIGCONT');
    await this.end('SIGKILL');
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #logSize(): Promise<number> {
    const folder = join(this.#folder, 'appendonlydir');
    const names = await readdir(folder);
    const sizes = names
      .filter((name) => name.endsWith('.aof'))
      .map(async (name) => (await stat(join(folder, name))).size);
    return Math.max(0, ...(await Promise.all(sizes)));
  }

  async #ping(): Promise<boolean> {
    const redis = new Redis({ path: this.path, lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => undefined); // the command says it
    try {
      return (await redis.ping()) === 'PONG';
    } finally {
      redis.disconnect();
    }
  }
}

/** A file that may not grow must look like a full disk and not kill the server; it ends when this program does. */
const SHELL = `trap '' XFSZ; exec setpriv --pdeathsig KILL "$0" -`;

function configuration(folder: string, socket: string): string {
  return [
    'port 0',
    `unixsocket ${socket}`,
    `dir ${folder}`,
    'daemonize no',
    'maxmemory-policy noeviction',
    'save ""',
    'appendonly yes',
    'appendfsync always',
    'aof-use-rdb-preamble yes',
    'aof-load-truncated yes',
    'hash-max-ziplist-value 1024',
    '',
  ].join('\n');
}
