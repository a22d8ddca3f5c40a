import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { createSecretKeyFile } from '@tagtrail/secret-cipher';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { definition } from './definitions.ts';
import { type Installation, openInstallation } from './installation.ts';

const REPOSITORIES = 500;
const TAGS = 20;
const WORKERS = 4;
/** s that the token server says its tokens live; the shortest that a busy machine still checks twice within. */
const TOKEN_LIFETIME = 15;
const LIFETIMES = 10;
/** Lifetimes in which every repository was looked at, at least; a busy machine may come round less often than it is told to. */
const LOOKED_IN = 3;
/** Twice in a lifetime, so that a token must be kept to be thrifty. */
const SCHEDULE = '10s';
/** ms of every answer about a manifest: requests overlap as they do with a registry far away. */
const LATENCY = 10;
/** Jobs in flight per registry by default, over all workers; a job has one request under way at a time. */
const PER_HOST = 32;
/** ms between two readings of the simulator's log, which keeps a bounded number of requests. */
const READING = 500;

let tagtrail: Installation;
let simulator: RegistrySimulator;
const folder = mkdtempSync(join(tmpdir(), 'tagtrail-tokens-'));

beforeAll(async () => {
  simulator = await openRegistrySimulator();
  simulator.requireAuth('bearer', { expiresIn: TOKEN_LIFETIME });
  const key = join(folder, 'secret.key');
  await createSecretKeyFile(key);
  const counts = { api: 1, producer: 1, worker: WORKERS, 'status-writer': 1 };
  tagtrail = await openInstallation(counts, { TAGTRAIL_SECRETS_KEY_FILE: key });
});
afterAll(async () => {
  await tagtrail[Symbol.asyncDispose]();
  await simulator[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function define(repository: string): Promise<void> {
  const sources: Record<string, string> = {};
  for (let tag = 0; tag < TAGS; tag += 1) {
    simulator.push(repository, `v${tag}`);
    sources[`v${tag}`] = `${simulator.host}/${repository}:v${tag}`;
  }
  const name = repository.replaceAll('/', '-');
  await tagtrail.client.streams.create(definition(name, sources, { schedule: SCHEDULE }));
}

/** What the registry has seen, counted as it comes. */
class Sightings {
  tokens = 0;
  refusals = 0;
  /** ms of every manifest request, by repository. */
  readonly checks = new Map<string, number[]>();
  #connections = new Set<number>();
  mostAtOnce = 0;
  #inFlight: number[] = [];

  read(): void {
    const seen = [...simulator.requests];
    simulator.clearRequests();
    for (const { route, status, repository = '', at, connection } of seen) {
      if (route === 'token') this.tokens += 1;
      if (route !== 'manifest') continue;
      this.#connections.add(connection);
      if (status === 401) this.refusals += 1;
      this.#enter(at);
      const times = this.checks.get(repository);
      if (times === undefined) this.checks.set(repository, [at]);
      else times.push(at);
    }
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Of each repository: lifetimes of tokens that hold its checks, each beginning with one. Nobody could do with fewer. */
  lifetimes(): readonly number[] {
    return [...this.checks.values()].map((times) => {
      let [count, end] = [0, Number.NEGATIVE_INFINITY];
      for (const at of times.toSorted((one, other) => one - other)) {
        if (at < end) continue;
        count += 1;
        end = at + TOKEN_LIFETIME * 1_000;
      }
      return count;
    });
  }

  #enter(at: number): void {
    this.#inFlight = this.#inFlight.filter((begun) => begun + LATENCY > at);
    this.#inFlight.push(at);
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#inFlight.length);
  }
}

it('four workers ask for a token once in its life, and never more at a time than a registry may be asked', async () => {
  simulator.faults.set({ route: 'manifest' }, { latency: LATENCY });
  const seen = new Sightings();
  for (let at = 0; at < REPOSITORIES; at += 1) {
    await define(`team${at % 10}/app${at}`);
    seen.read();
  }
  const end = performance.now() + LIFETIMES * TOKEN_LIFETIME * 1_000;
  while (performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, READING));
    seen.read();
  }
  const checks = [...seen.checks.values()].reduce((sum, times) => sum + times.length, 0);
  const lifetimes = seen.lifetimes();
  const needed = lifetimes.reduce((sum, count) => sum + count, 0);
  const figures = `${seen.tokens} token requests for ${needed} lifetimes in ${checks} requests, ${seen.refusals} refused; ${seen.mostAtOnce} at once, ${seen.connections} connections`;
  process.stdout.write(`${figures}\n`);
  expect(seen.checks.size, figures).toBe(REPOSITORIES);
  // Each of them again and again: nothing was saved by looking less.
  expect(Math.min(...lifetimes), figures).toBeGreaterThanOrEqual(LOOKED_IN);
  expect(seen.tokens / needed, figures).toBeLessThanOrEqual(1.05);
  expect(seen.mostAtOnce, figures).toBeLessThanOrEqual(PER_HOST);
}, 600_000);
