import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { EmbeddedRedisError } from '../embedded-redis-error.ts';
import { type Environment, programFolders } from '../environment.ts';
import { type FolderClaim, folderOwned, lockFile } from '../folder/folder-claim.ts';
import { chooseRunFolder, socketIn } from '../folder/run-folder.ts';
import type { RedisServer } from '../search/redis-server.ts';
import { askRedis, type RedisAddress } from './ask-redis.ts';
import { formatRedisConfiguration } from './redis-configuration.ts';
import { type ServerEnd, spawnWatchdog, type Watchdog } from './watchdog.ts';

/** Redis reads some 100 MB of log a second: this is for several GB, or a very slow disk. */
const READY_TIME_LIMIT = 60_000;
const NOTICE_INTERVAL = 5_000;

/** A server with an empty log serves within 30 ms. */
const FIRST_POLL = 5;
const LONGEST_POLL = 200;

/** Where the shell's tools (mkdir, rm, sleep, flock) are; the caller's PATH comes after, for systems without these. */
const SYSTEM_FOLDERS = ['/usr/bin', '/bin'];

export interface StartOptions {
  readonly server: RedisServer;
  readonly folder: string;
  readonly claim: FolderClaim;
  readonly environment: Environment;
  readonly onNotice: (line: string) => void;
  /** Removed when the server ends. */
  readonly throwaway?: string | undefined;
}

/** Either it serves, or it ended before: a damaged log can be mended. */
export type StartOutcome =
  | { readonly running: RunningServer; readonly end?: undefined }
  | { readonly end: ServerEnd; readonly running?: undefined };

/** A server that answered PONG. */
export interface RunningServer {
  readonly watchdog: Watchdog;
  readonly pid: number;
  readonly url: string;
}

/**
 * Starts the server once, and waits until it serves.
 *
 * @throws EmbeddedRedisError `folder-owned`, `folder-not-writable`, `start-failed` when it doesn't serve in time.
 */
export async function startServer(options: StartOptions): Promise<StartOutcome> {
  const runFolder = chooseRunFolder(tmpdir());
  const socket = socketIn(runFolder);
  const password = randomBytes(24).toString('base64url');
  const watchdog = spawnWatchdog({
    runFolder,
    lockFile: lockFile(options.folder),
    libraries: options.server.libraries,
    program: options.server.program,
    path: [...SYSTEM_FOLDERS, ...programFolders(options.environment)].join(':'),
    throwaway: options.throwaway,
  });
  try {
    await passGate(watchdog, options.folder);
    await options.claim.take();
    await options.claim.record({ runFolder, watchdog: watchdog.pid });
    const configuration = formatRedisConfiguration({ folder: options.folder, socket, password });
    const pid = await watchdog.start(configuration);
    if (pid === undefined) return { end: await watchdog.ended };
    await options.claim.record({ runFolder, watchdog: watchdog.pid, server: pid });
    const end = await untilReady(watchdog, { socket, password }, options.onNotice);
    if (end) return { end };
    watchdog.unref();
    return { running: { watchdog, pid, url: formatUrl({ socket, password }) } };
  } catch (error) {
    await watchdog.stop();
    throw error;
  }
}

function formatUrl({ socket, password }: RedisAddress): string {
  const path = socket.split('/').map(encodeURIComponent).join('/');
  return `unix://${path}?password=${password}`; // base64url needs no encoding
}

async function passGate(watchdog: Watchdog, folder: string): Promise<void> {
  const gate = await watchdog.gate;
  if (gate === 'locked') throw await folderOwned(folder);
  if (gate === 'refused') {
    const words = (await watchdog.ended).log.join('; ');
    throw new EmbeddedRedisError('start-failed', `no server for ${folder}: ${words}`);
  }
}

/** Resolves with nothing when it serves, with its end when it ended before. */
async function untilReady(
  watchdog: Watchdog,
  address: RedisAddress,
  onNotice: (line: string) => void,
): Promise<ServerEnd | undefined> {
  const started = performance.now();
  let noticed = started;
  for (let pause = FIRST_POLL; ; pause = Math.min(pause * 2, LONGEST_POLL)) {
    const outcome = await Promise.race([askRedis(address, ['PING']), watchdog.ended]);
    if (outcome === '+PONG') return undefined;
    if (typeof outcome === 'object') return outcome;
    const now = performance.now();
    const seconds = Math.round((now - started) / 1000);
    if (now - started > READY_TIME_LIMIT) {
      throw new EmbeddedRedisError('start-failed', `redis does not serve after ${seconds} s`);
    }
    if (now - noticed > NOTICE_INTERVAL) {
      onNotice(`redis is still reading its log after ${seconds} s`);
      noticed = now;
    }
    await Promise.race([wait(pause), watchdog.ended]);
  }
}
