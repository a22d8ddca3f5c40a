import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EmbeddedRedisError } from './embedded-redis-error.ts';
import { type Environment, STANDARD_ENVIRONMENT } from './environment.ts';
import { createClaim } from './folder/folder-claim.ts';
import { findCutTail, findLogDamage, lacksManifest } from './folder/log-damage.ts';
import { damaged, repairLog } from './folder/repair-log.ts';
import { untilVacant } from './folder/vacant-folder.ts';
import { findRedisServer } from './search/find-redis-server.ts';
import { describeEnd } from './server/describe-end.ts';
import { type RunningServer, type StartOptions, startServer } from './server/start-server.ts';

export interface EmbeddedRedisOptions {
  /** Holds the append-only log; created with mode 0700. One process owns it at a time. */
  readonly folder: string;
  /** For a server unpacked from the distribution's packages: see {@link findRedisServer}, {@link defaultCache}. */
  readonly cache: string;
  /** Told in a line what a person should know: a download, a takeover, a repair, a slow start. */
  readonly onNotice?: ((line: string) => void) | undefined;
  /** PATH and proxies; without it the standard folders are searched. */
  readonly environment?: Environment | undefined;
}

/**
 * A Redis of our own. Disposing it stops the server (TERM, after 3 s KILL) and frees the folder; so does the end of this
 * process, whichever way it ends.
 */
export interface EmbeddedRedis extends AsyncDisposable {
  /** `unix:///…/r.sock?password=…`: a secret. */
  readonly url: string;
  /** For example 'redis-server 7.0.15'. */
  readonly server: string;
  /** The server's pid. */
  readonly pid: number;
  /**
   * Resolves when the server ends without being disposed of, and never otherwise. Nothing restarts it; the folder is free to be
   * opened again.
   */
  readonly exited: Promise<{ reason: string }>;
}

/**
 * Opens a private Redis that keeps its log in `folder` and lives as long as this process, no longer. It does not keep the
 * process alive by itself. Every answered write is on disk (`appendfsync always`).
 *
 * @throws EmbeddedRedisError
 */
export async function openEmbeddedRedis(options: EmbeddedRedisOptions): Promise<EmbeddedRedis> {
  return openServer(options);
}

/** As {@link openEmbeddedRedis}; a throw-away folder goes when the server does, even if we are killed. */
export async function openServer(
  options: EmbeddedRedisOptions & { readonly throwaway?: boolean },
): Promise<EmbeddedRedis> {
  const folder = resolve(options.folder);
  const environment = options.environment ?? STANDARD_ENVIRONMENT;
  const onNotice = options.onNotice ?? (() => {});
  const throwaway = options.throwaway ? folder : undefined;
  await untilVacant(folder);
  const claim = await createClaim(folder, onNotice);
  try {
    const server = await findRedisServer({ cache: options.cache, environment, onNotice });
    const start = { server, folder, claim, environment, onNotice, throwaway };
    return createEmbeddedRedis(start, await startMending(start));
  } catch (error) {
    await claim.release().catch(() => {}); // the error at hand says more
    if (throwaway) await rm(throwaway, { recursive: true, force: true });
    throw error;
  }
}

/** Starts the server; when the log's damage keeps it from starting, mends the log, once, and starts again. */
async function startMending(start: StartOptions): Promise<RunningServer> {
  const { folder, onNotice } = start;
  if (await lacksManifest(folder)) throw damaged(folder, 'its manifest is missing');
  for (let mended = false; ; mended = true) {
    const outcome = await startServer(start);
    if (outcome.running) {
      const cut = findCutTail(outcome.running.watchdog.log());
      if (cut !== undefined) onNotice(cut);
      return outcome.running;
    }
    const damage = findLogDamage(outcome.end.log);
    if (!damage) {
      const message = `redis did not start: ${describeEnd(outcome.end, folder)}`;
      throw new EmbeddedRedisError('start-failed', message);
    }
    if (mended) throw damaged(folder, damage.words);
    await repairLog({ server: start.server, folder, damage, onNotice });
  }
}

function createEmbeddedRedis(start: StartOptions, running: RunningServer): EmbeddedRedis {
  const { watchdog, pid, url } = running;
  const exited = Promise.withResolvers<{ reason: string }>();
  let closing: Promise<void> | undefined;
  void watchdog.ended.then(async (end) => {
    if (closing !== undefined) return;
    await start.claim.release().catch(() => {}); // what can't be removed, the next owner takes over
    exited.resolve({ reason: describeEnd(end, start.folder) });
  });
  const close = async () => {
    await watchdog.stop();
    await start.claim.release();
    if (start.throwaway) await rm(start.throwaway, { recursive: true, force: true });
  };
  return {
    url,
    pid,
    server: `${start.server.name} ${start.server.version}`,
    exited: exited.promise,
    [Symbol.asyncDispose]: () => {
      closing ??= close();
      return closing;
    },
  };
}
