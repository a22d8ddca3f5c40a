import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { type ApiClient, createApiClient } from '@tagtrail/api-client';
import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { freePort } from '../../free-port.ts';
import { openRegistryGate, type RegistryGate } from '../installation/registry-gate.ts';
import { RestartableRedis } from '../installation/restartable-redis.ts';
import { Roster } from '../installation/roster.ts';
import { COUNTS, QUICK_SETTINGS } from '../installation/settings.ts';
import type { LedgerLine } from '../judge/facts.ts';
import type { AppName } from '../plan/action.ts';
import { REGISTRIES, type RegistryName } from '../plan/world.ts';
import { OutageBook } from './outage-book.ts';
import { RedisWatch } from './redis-watch.ts';
import { Tally } from './tally.ts';

/** A registry, the wire to it, and what it was told to forget: its ledger knows pushes only. */
export interface Registry {
  readonly simulator: RegistrySimulator;
  readonly gate: RegistryGate;
  readonly deletions: LedgerLine[];
}

/** Everything that a run acts on. */
export interface Stage {
  readonly redis: RestartableRedis;
  readonly registries: ReadonlyMap<RegistryName, Registry>;
  readonly roster: Roster;
  /** One per api process. */
  readonly clients: readonly ApiClient[];
  readonly watch: RedisWatch;
  readonly book: OutageBook;
  readonly tally: Tally;
  readonly signal: AbortSignal;
}

/** ms until everybody who waited for a class has noticed that it is there again. */
const CLASS_BACK = 1_000;
/** ms of every honest answer: long enough that imports are under way when something dies. */
const ANSWER_TIME = 60;

/** Opens everything; what was opened goes on the stack, also when this fails half-way. */
export async function openStage(
  stack: AsyncDisposableStack,
  options: { readonly logs?: string | undefined; readonly signal: AbortSignal },
): Promise<Stage> {
  await requirePrograms();
  const book = new OutageBook();
  const registries = new Map<RegistryName, Registry>();
  for (const name of REGISTRIES) registries.set(name, await openRegistry(stack));
  const redis = stack.use(await RestartableRedis.open());
  const ports = await Promise.all(Array.from({ length: COUNTS.api }, freePort));
  const token = randomBytes(24).toString('base64url');
  const settings = { ...QUICK_SETTINGS, REDIS_URL: redis.url, TAGTRAIL_API_TOKEN: token };
  const roster = stack.use(
    new Roster({
      logs: options.logs,
      settingsOf: (name, index) =>
        name === 'api' ? { ...settings, TAGTRAIL_API_PORT: String(ports[index]) } : settings,
      onClass: classBook(book),
    }),
  );
  const watch = new RedisWatch(redis.path, book);
  stack.defer(() => watch.stop());
  await roster.start();
  watch.start();
  const clients = ports.map((port) =>
    createApiClient({ server: `http://127.0.0.1:${port}`, token }),
  );
  const { signal } = options;
  return { redis, registries, roster, clients, watch, book, tally: new Tally(), signal };
}

/** Both are of util-linux: one fills the disk, one sees to it that nothing is left behind. */
async function requirePrograms(): Promise<void> {
  for (const program of ['prlimit', 'setpriv']) {
    await promisify(execFile)(program, ['--version']).catch((cause: unknown) => {
      throw new Error(`${program} is needed, of util-linux on Linux`, { cause });
    });
  }
}

async function openRegistry(stack: AsyncDisposableStack): Promise<Registry> {
  const simulator = stack.use(await openRegistrySimulator());
  simulator.faults.set({}, { latency: ANSWER_TIME });
  const gate = stack.use(await openRegistryGate(simulator.host));
  return { simulator, gate, deletions: [] };
}

/** While all processes of a class are away, nobody is looked at; the api has no part in that. */
function classBook(book: OutageBook): (name: AppName, works: boolean) => void {
  const missing = new Map<AppName, (after?: number) => void>();
  return (name, works) => {
    if (name === 'api') return;
    if (!works) missing.set(name, book.open());
    else missing.get(name)?.(CLASS_BACK);
  };
}

export function registryOf(stage: Pick<Stage, 'registries'>, name: RegistryName): Registry {
  const registry = stage.registries.get(name);
  if (registry === undefined) throw new RangeError(`no registry ${name}`);
  return registry;
}

/** The simulators' ledgers, spelled as streams spell their sources. */
export function ledgerOf(stage: Pick<Stage, 'registries'>): readonly LedgerLine[] {
  return [...stage.registries.values()]
    .flatMap(({ simulator, gate, deletions }) => [
      ...simulator.pushes.map(({ at, repository, tag, digest }) => ({
        at,
        source: `${gate.host}/${repository}:${tag}`,
        digest,
      })),
      ...deletions,
    ])
    .sort((a, b) => a.at - b.at);
}
