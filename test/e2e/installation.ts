import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type ApiClient, createApiClient } from '@tagtrail/api-client';
import { type EmbeddedRedis, openRedisForTest } from '@tagtrail/embedded-redis';
import { freePort } from '../free-port.ts';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export type AppName = 'api' | 'producer' | 'worker' | 'status-writer' | 'registry';

/** One app as a process of its own, as an operator would run it. */
export interface RunningApp {
  readonly name: AppName;
  readonly child: ChildProcess;
  /** Log lines so far, parsed. */
  readonly lines: readonly Record<string, unknown>[];
  readonly exited: Promise<number | null>;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Separate processes on one Redis; everything is stopped on disposal. */
export interface Installation extends AsyncDisposable {
  readonly redis: EmbeddedRedis;
  readonly server: string;
  readonly token: string;
  readonly client: ApiClient;
  start(name: AppName, settings?: Readonly<Record<string, string>>): Promise<RunningApp>;
}

/** ms for a process to say that it started, on a busy machine. */
const START_LIMIT = 60_000;

export async function openInstallation(
  counts: Partial<Record<AppName, number>>,
  settings: Readonly<Record<string, string>> = {},
): Promise<Installation> {
  const redis = await openRedisForTest();
  const port = await freePort();
  const token = randomBytes(24).toString('base64url');
  const server = `http://127.0.0.1:${port}`;
  const running: RunningApp[] = [];
  const environment = {
    REDIS_URL: redis.url,
    TAGTRAIL_API_PORT: String(port),
    TAGTRAIL_API_TOKEN: token,
    TAGTRAIL_HEALTH_PORT: '0',
    TAGTRAIL_REGISTRIES_PRIVATE_ADDRESSES: 'allowed',
    TAGTRAIL_REGISTRY_PORT: '0',
    ...settings,
  };
  const installation: Installation = {
    redis,
    server,
    token,
    client: createApiClient({ server, token }),
    async start(name, own = {}) {
      const app = await startApp(name, { ...environment, ...own });
      running.push(app);
      return app;
    },
    async [Symbol.asyncDispose]() {
      // One that a test has frozen hears nothing else.
      for (const { child } of running) child.kill('SIGCONT');
      await Promise.all(running.map((app) => app.stop()));
      await redis[Symbol.asyncDispose]();
    },
  };
  try {
    // All of them first: one that is still starting would be left running.
    const starts = await Promise.allSettled(names(counts).map((name) => installation.start(name)));
    const failed = starts.find((start) => start.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return installation;
  } catch (error) {
    await installation[Symbol.asyncDispose]();
    throw error;
  }
}

function names(counts: Partial<Record<AppName, number>>): readonly AppName[] {
  return (Object.entries(counts) as [AppName, number][]).flatMap(([name, count]) =>
    new Array<AppName>(count).fill(name),
  );
}

async function startApp(
  name: AppName,
  settings: Readonly<Record<string, string>>,
): Promise<RunningApp> {
  const main = join(ROOT, 'apps', name, 'src', 'main.ts');
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [main], {
    env: { PATH, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => resolve(code)),
  );
  const app: RunningApp = {
    name,
    child,
    lines: collectLines(child),
    exited,
    stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return exited;
    },
  };
  try {
    await waitForLine(app, (line) => line['msg'] === 'started', START_LIMIT);
    return app;
  } catch (error) {
    await app.stop('SIGKILL');
    throw error;
  }
}

function collectLines(child: ChildProcess): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  if (child.stdout === null) return lines;
  createInterface({ input: child.stdout }).on('line', (text) => {
    lines.push(text.startsWith('{') ? JSON.parse(text) : { msg: text });
    child.emit('line');
  });
  return lines;
}

/** Waits for a line of the app's log, one already there or one to come. */
export async function waitForLine(
  app: RunningApp,
  matches: (line: Record<string, unknown>) => boolean,
  limit: number,
): Promise<Record<string, unknown>> {
  const said = () => app.lines.map((line) => String(line['msg'])).join('\n');
  return new Promise((resolve, reject) => {
    const look = () => {
      const found = app.lines.find(matches);
      if (found !== undefined) finish(() => resolve(found));
    };
    const finish = (end: () => void) => {
      clearTimeout(timer);
      app.child.off('line', look);
      end();
    };
    const timer = setTimeout(
      () =>
        finish(() => reject(new Error(`${app.name} did not say it in ${limit} ms:\n${said()}`))),
      limit,
    );
    app.child.on('line', look);
    void app.exited.then((code) =>
      finish(() => reject(new Error(`${app.name} exited with ${code}:\n${said()}`))),
    );
    look();
  });
}

/** Polls what can only be asked for, with a limit (ms); for everything that can be waited for there are signals. */
export async function eventually<T>(ask: () => Promise<T | undefined>, limit: number): Promise<T> {
  const end = performance.now() + limit;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`not so within ${limit} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
