import { resolve } from 'node:path';
import { createApiClient } from '@tagtrail/api-client';
import type { ServingCertificate } from '@tagtrail/serving-certificate';
import type { CommandContext } from '../command-context.ts';
import { DEFAULT_KUBECONFIG } from '../connection/connection-settings.ts';
import { type Children, createChildren } from '../processes/children.ts';
import { checkPortFree, LOOPBACK } from '../processes/free-port.ts';
import type { SupervisedChild } from '../processes/supervised-child.ts';
import { createTerminalNotices } from '../processes/terminal-notices.ts';
import { VERSION } from '../settings/version.ts';
import { type StopSignals, withStopSignals } from '../stop-signals.ts';
import { bannerLines } from './banner.ts';
import { applyExamples, type Demo, prepareDemo } from './demo.ts';
import { DEMO_NAMESPACE } from './demo-plan.ts';
import { openCertificate } from './open-certificate.ts';
import { openRedis } from './open-redis.ts';
import { openSecretKey } from './open-secret-key.ts';
import { printMoves } from './print-moves.ts';
import { createPushLedger } from './push-ledger.ts';
import type { RedisKeeper } from './redis-keeper.ts';
import { chooseRegistryPort } from './registry-port.ts';
import { planService } from './service-plans.ts';
import { ensureToken, openStateFolder, type StateFolder, writeKubeconfig } from './state-folder.ts';

/** ms after a wish to stop when this process ends, whatever still hangs: Redis ends with it. */
const FORCED_EXIT = 4_900;

export interface UpOptions {
  readonly demo: boolean;
  readonly dataDir: string;
  readonly port: number;
  /** Undefined: 5420, or a free one. */
  readonly registryPort?: number;
  readonly workers: number;
  /** Moves as JSON, one per line; everything else goes to stderr then. */
  readonly output?: 'json';
}

/** What the steps of `up` hand to each other. */
interface Surroundings {
  readonly options: UpOptions;
  readonly context: CommandContext;
  readonly signals: StopSignals;
  readonly folder: StateFolder;
  readonly demo: Demo | undefined;
  readonly started: number;
  readonly registryPort: number;
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
 *       exit 0 ◀─ Redis ◀─ api ◀─ status writer, simulator ◀─ workers ◀─ producer ◀─ registry
 * ```
 */
export function runUp(options: UpOptions, context: CommandContext): Promise<number> {
  return withStopSignals((signals) => upUntil(signals, options, context));
}

async function upUntil(
  signals: StopSignals,
  options: UpOptions,
  context: CommandContext,
): Promise<number> {
  const started = performance.now();
  context.output.onReaderGone(() => signals.request());
  const outcome = { exitCode: 0 };
  limitStop(signals.stop, outcome);
  const { environment } = context;
  const folder = openStateFolder(options.dataDir, environment.cwd);
  await checkPortFree(options.port);
  const registryPort = await chooseRegistryPort(options.registryPort);
  const demo = options.demo ? await prepareDemo(environment) : undefined;
  const notices = createTerminalNotices(context.output);
  const { say } = notices;
  const up = { options, context, signals, folder, demo, started, registryPort, say };
  const children = createChildren({
    environment,
    notices,
    logs: folder.logs,
    shownLogs: `${folder.shown}/logs`,
  });
  let simulator: readonly SupervisedChild[] = [];
  const redis = await openRedis({
    folder,
    variables: environment.variables,
    say: notices.say,
    onMoved: () => children.renewAll(simulator),
  });
  try {
    const certificate = await openCertificate(folder);
    const secretKeyFile = await openSecretKey(folder, environment.variables);
    const foundations = { children, redis, certificate, secretKeyFile };
    if (!signals.stop.aborted) simulator = startChildren(up, foundations);
    await children.untilReady(signals.stop);
    if (!signals.stop.aborted) await showMoves(up, redis);
  } catch (error) {
    outcome.exitCode = 1;
    throw error;
  } finally {
    signals.request();
    await children.stop(signals.force);
    await redis[Symbol.asyncDispose]();
  }
  return outcome.exitCode;
}

/** The last resort when stopping takes too long. The timer itself keeps nothing alive. */
function limitStop(stop: AbortSignal, outcome: { readonly exitCode: number }): void {
  const limit = (): unknown =>
    setTimeout(() => process.exit(outcome.exitCode), FORCED_EXIT).unref();
  stop.addEventListener('abort', limit, { once: true });
}

/** What has to stand before the first child starts. */
interface Foundations {
  readonly children: Children;
  readonly redis: RedisKeeper;
  readonly certificate: ServingCertificate;
  readonly secretKeyFile: string | undefined;
}

/** In the order of the data's way backwards, so that stopping in reverse lets every part finish what it has. */
function startChildren(
  { options, context, folder, demo, registryPort }: Surroundings,
  { children, redis, certificate, secretKeyFile }: Foundations,
): readonly SupervisedChild[] {
  const { variables } = context.environment;
  writeKubeconfig(folder, {
    // The same port answers http, for browsers; real clients send their token over TLS only.
    server: `https://${LOOPBACK}:${options.port}`,
    certificateAuthority: certificate.caPem,
    token: ensureToken(folder),
    namespace: demo === undefined ? 'default' : DEMO_NAMESPACE,
  });
  const plans = planService({
    ...options,
    registryPort,
    registryFolder: folder.registry,
    variables,
    redisUrl: () => redis.url,
    tokenFile: folder.tokenFile,
    secretKeyFile,
    certificate,
  });
  children.start([plans.api]);
  const simulator = children.start(demo === undefined ? [] : [demo.simulator]);
  children.start([plans.statusWriter]);
  children.start(plans.workers);
  children.start([plans.producer]);
  children.start([plans.registry]);
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
    registryPort: up.registryPort,
    simulator: demo,
    command: environment.fromSources ? 'npx tagtrail' : 'tagtrail',
    isDefaultFolder: folder.kubeconfig === resolve(environment.cwd, DEFAULT_KUBECONFIG),
  };
  for (const line of bannerLines(banner, output)) {
    if (options.output === 'json') output.note(line);
    else output.line(line);
  }
  const server = `http://${LOOPBACK}:${options.port}`;
  const { streams } = createApiClient({ server, token: ensureToken(folder) });
  await printMoves({
    streams,
    ledger: demo === undefined ? undefined : createPushLedger(demo.url),
    output,
    format: options.output,
    say,
    signal: signals.stop,
    since: Date.now() - (performance.now() - up.started),
    onStart: () => {
      if (demo !== undefined) void applyExamples(streams, demo, say);
    },
  });
}
