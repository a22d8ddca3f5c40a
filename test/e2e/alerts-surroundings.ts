import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { Redis } from 'ioredis';
import { freePort } from '../free-port.ts';
import { type Alert, type RunningPrometheus, startPrometheus } from './alerts-prometheus.ts';
import { definition } from './definitions.ts';
import {
  type AppName,
  eventually,
  type Installation,
  openInstallation,
  type RunningApp,
} from './installation.ts';

/** Tags per registry, looked at every 2 s: enough for a backlog of a thousand within seconds. */
const TAGS = 120;
const SCHEDULE = '2s';
/** Hung looks end with it, and a lease lasts twice as long. Long enough for every other look on a busy machine. */
const JOB_DEADLINE = '2s';
/** Above the border of TagtrailResultsBacklog, so that it is reached, and low enough that producers soon hold back. */
const HIGH_WATER = '1500';
/** ms for an alert to come or go: the longest threshold is a minute, and the machine may be busy. */
const ALERT_LIMIT = 150_000;

/** A whole Tagtrail on two registries, under the eyes of a real Prometheus. */
export interface WatchedTagtrail extends AsyncDisposable {
  readonly tagtrail: Installation;
  readonly prometheus: RunningPrometheus;
  readonly registries: readonly [RegistrySimulator, RegistrySimulator];
  readonly redis: Redis;
  /** The running process of a kind; there is one of each. */
  app(name: AppName): RunningApp;
  /** Where Prometheus finds it. */
  instance(name: AppName): string;
  /** Starts one anew on the same port, after it was killed. */
  restart(name: AppName): Promise<void>;
  /** Resolves with the alert once it fires with these labels. */
  fires(name: string, labels?: Readonly<Record<string, string>>): Promise<Alert>;
  /** Resolves once nothing fires or is about to. */
  calm(): Promise<void>;
}

export async function openWatchedTagtrail(): Promise<WatchedTagtrail> {
  await using opening = new AsyncDisposableStack();
  const registries = [
    opening.use(await openRegistrySimulator()),
    opening.use(await openRegistrySimulator()),
  ] as const;
  const copies = mkdtempSync(join(tmpdir(), 'tagtrail-alerts-'));
  opening.defer(() => rmSync(copies, { recursive: true, force: true }));
  const settings = {
    TAGTRAIL_IMPORT_JOB_DEADLINE: JOB_DEADLINE,
    TAGTRAIL_IMPORT_HIGH_WATER: HIGH_WATER,
    TAGTRAIL_REGISTRY_FOLDER: copies,
  };
  const tagtrail = opening.use(await openInstallation({}, settings));
  const prometheus = opening.use(await startPrometheus(tagtrail.token));
  const { pathname, searchParams } = new URL(tagtrail.redis.url);
  const redis = new Redis({ path: pathname, password: searchParams.get('password') ?? '' });
  opening.defer(() => redis.disconnect());
  const apps = await startApps(tagtrail, prometheus);
  for (const [index, registry] of registries.entries()) {
    await followTags(tagtrail, registry, `host${index}`);
  }
  const opened = opening.move();
  return {
    tagtrail,
    prometheus,
    registries,
    redis,
    ...apps,
    ...waitsFor(prometheus),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

type Apps = Pick<WatchedTagtrail, 'app' | 'instance' | 'restart'>;

/** One process of each kind, each on a port that it keeps. */
async function startApps(tagtrail: Installation, prometheus: RunningPrometheus): Promise<Apps> {
  const running = new Map<AppName, RunningApp>();
  const ports = new Map<AppName, number>();
  const start = async (name: AppName) => {
    const settings = { TAGTRAIL_HEALTH_PORT: String(portOf(ports, name)) };
    running.set(name, await tagtrail.start(name, settings));
  };
  for (const name of ['api', 'producer', 'worker', 'status-writer', 'registry'] as const) {
    ports.set(name, name === 'api' ? Number(new URL(tagtrail.server).port) : await freePort());
    await start(name);
    prometheus.setTargets(`tagtrail-${name}`, [portOf(ports, name)]);
  }
  return {
    app(name) {
      const app = running.get(name);
      if (app === undefined) throw new Error(`no ${name} runs`);
      return app;
    },
    instance: (name) => `127.0.0.1:${portOf(ports, name)}`,
    restart: start,
  };
}

function portOf(ports: ReadonlyMap<AppName, number>, name: AppName): number {
  const port = ports.get(name);
  if (port === undefined) throw new Error(`no port for ${name}`);
  return port;
}

async function followTags(tagtrail: Installation, registry: RegistrySimulator, name: string) {
  const sources: Record<string, string> = {};
  for (let tag = 0; tag < TAGS; tag += 1) {
    registry.push('shop/app', `v${tag}`);
    sources[`v${tag}`] = `${registry.host}/shop/app:v${tag}`;
  }
  await tagtrail.client.streams.create(definition(name, sources, { schedule: SCHEDULE }));
}

function waitsFor(prometheus: RunningPrometheus): Pick<WatchedTagtrail, 'fires' | 'calm'> {
  return {
    async fires(name, labels = {}) {
      const isMeant = (alert: Alert) =>
        alert.state === 'firing' && hasLabels(alert, { alertname: name, ...labels });
      const look = async () => (await prometheus.alerts()).find(isMeant);
      return eventually(look, ALERT_LIMIT).catch(async () => {
        const seen = (await prometheus.alerts()).map(describeAlert).join('\n');
        throw new Error(`${name} does not fire; what does:\n${seen}`);
      });
    },
    async calm() {
      const look = async () => ((await prometheus.alerts()).length === 0 ? true : undefined);
      await eventually(look, ALERT_LIMIT).catch(async () => {
        const seen = (await prometheus.alerts()).map(describeAlert).join('\n');
        throw new Error(`still there:\n${seen}`);
      });
    },
  };
}

function hasLabels({ labels }: Alert, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

export function describeAlert({ state, labels, annotations }: Alert): string {
  return `${state} ${JSON.stringify(labels)} ${annotations['summary']}`;
}

/** Stops a process without ending it, until it is disposed of. */
export function pause(pid: number | undefined): Disposable {
  if (pid === undefined) throw new Error('there is nothing to pause');
  process.kill(pid, 'SIGSTOP');
  return { [Symbol.dispose]: () => process.kill(pid, 'SIGCONT') };
}
