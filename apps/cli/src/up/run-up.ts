import { resolve } from 'node:path';
import { createApiClient } from '@tagtrail/api-client';
import type { CommandContext } from '../command-context.ts';
import { DEFAULT_KUBECONFIG } from '../connection/connection-settings.ts';
import { VERSION } from '../settings/version.ts';
import { type StopSignals, watchStopSignals } from '../stop-signals.ts';
import { bannerLines } from './banner.ts';
import { planService } from './child-plans.ts';
import { type Children, createChildren } from './children.ts';
import { type DataFolder, ensureToken, openDataFolder, writeKubeconfig } from './data-folder.ts';
import { applyExamples, type Demo, prepareDemo } from './demo.ts';
import { DEMO_NAMESPACE } from './demo-plan.ts';
import { checkPortFree, LOOPBACK } from './free-port.ts';
import { createNoticeGate } from './notice-gate.ts';
import { openRedis } from './open-redis.ts';
import { printMoves } from './print-moves.ts';
import { createPushLedger } from './push-ledger.ts';
import type { RedisKeeper } from './redis-keeper.ts';
import type { SupervisedChild } from './supervised-child.ts';

/** ms after a wish to stop when this process ends, whatever still hangs: Redis ends with it. */
const FORCED_EXIT = 4_900;

export interface UpOptions {
  readonly demo: boolean;
  readonly dataDir: string;
  readonly port: number;
  readonly workers: number;
}

/** What the steps of `up` hand to each other. */
interface Surroundings {
  readonly options: UpOptions;
  readonly context: CommandContext;
  readonly signals: StopSignals;
  readonly folder: DataFolder;
  readonly demo: Demo | undefined;
  readonly started: number;
  readonly say: (line: string) => void;
}

/**
 * `tagtrail up`: the whole service on one machine until a signal.
 *
 * ```
 *   folder, port, examples ─▶ Redis ─▶ children ─▶ ready ─▶ moves ─▶ signal
 *            │                  │          │          │                │
 *            └──── error: one line, exit 1; nothing stays ◀────────────┤
 *                                                                      ▼
 *       exit 0 ◀─ Redis ◀─ api ◀─ status writer, simulator ◀─ workers ◀─ producer
 * ```
 */
export async function runUp(options: UpOptions, context: CommandContext): Promise<number> {
  const started = performance.now();
  using signals = watchStopSignals();
  context.output.onReaderGone(() => signals.request());
  signals.stop.addEventListener('abort', () =>
    setTimeout(() => process.exit(0), FORCED_EXIT).unref(),
  );
  const { environment } = context;
  const folder = openDataFolder(options.dataDir, environment.cwd);
  await checkPortFree(options.port);
  const demo = options.demo ? await prepareDemo(environment) : undefined;
  const say = createSay(context);
  const up: Surroundings = { options, context, signals, folder, demo, started, say };
  const children = createChildren({ environment, folder, say });
  let simulator: readonly SupervisedChild[] = [];
  await using redis = await openRedis({
    folder,
    variables: environment.variables,
    say,
    onMoved: () => children.renewAll(simulator),
  });
  try {
    if (!signals.stop.aborted) simulator = startChildren(up, children, redis);
    await children.untilReady(signals.stop);
    if (!signals.stop.aborted) await showMoves(up, redis);
    return 0;
  } finally {
    signals.request();
    await children.stop(signals.force);
  }
}

/** Warnings go to the terminal, each kind once in a while. */
function createSay({ output }: CommandContext): (line: string) => void {
  const gate = createNoticeGate();
  return (line) => {
    if (gate(line, Date.now())) output.note(line);
  };
}

/** In the order of the data's way backwards, so that stopping in reverse lets every part finish what it has. */
function startChildren(
  { options, context, folder, demo }: Surroundings,
  children: Children,
  redis: RedisKeeper,
): readonly SupervisedChild[] {
  const { variables } = context.environment;
  const token = ensureToken(folder);
  const server = `http://${LOOPBACK}:${options.port}`;
  const namespace = demo === undefined ? 'default' : DEMO_NAMESPACE;
  writeKubeconfig(folder, { server, token, namespace });
  const plans = planService({
    ...options,
    variables,
    redisUrl: () => redis.url,
    tokenFile: folder.tokenFile,
  });
  children.start([plans.api]);
  const simulator = children.start(demo === undefined ? [] : [demo.simulator]);
  children.start([plans.statusWriter]);
  children.start(plans.workers);
  children.start([plans.producer]);
  return simulator;
}

async function showMoves(up: Surroundings, redis: RedisKeeper): Promise<void> {
  const { options, context, signals, folder, demo, say } = up;
  const { output, environment } = context;
  const banner = {
    version: VERSION,
    startTime: performance.now() - up.started,
    folder,
    redis: redis.description,
    port: options.port,
    simulator: demo,
    command: environment.fromSources ? 'npx tagtrail' : 'tagtrail',
    isDefaultFolder: folder.kubeconfig === resolve(environment.cwd, DEFAULT_KUBECONFIG),
  };
  for (const line of bannerLines(banner, output)) output.line(line);
  const server = `http://${LOOPBACK}:${options.port}`;
  const { streams } = createApiClient({ server, token: ensureToken(folder) });
  await printMoves({
    streams,
    ledger: demo === undefined ? undefined : createPushLedger(demo.url),
    output,
    say,
    signal: signals.stop,
    onStart: () => {
      if (demo !== undefined) void applyExamples(streams, demo, say);
    },
  });
}
