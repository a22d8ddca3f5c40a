import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { definition } from './definitions.ts';
import { eventually, type Installation, openInstallation } from './installation.ts';
import { looksPerSecond, middleOf } from './looks-per-second.ts';

/** Tags per host, all on 1 s: far more than a host's cap of jobs in flight. */
const TAGS = 80;
/** ms of one measured span; with and without the fault in turn, so that a drifting machine hits both. */
const SPAN = 4_000;
const ROUNDS = 3;
/** Jobs in flight that a host may have by default: all of them hang before a span with the fault is measured. */
const PER_HOST = 32;
/** ms for that, on a machine that does much else. */
const ALL_HANG = 30_000;
/** Hung looks end with this, so that the next span without the fault is one. */
const JOB_DEADLINE = '5s';

let tagtrail: Installation;
let simulators: readonly RegistrySimulator[] = [];

beforeAll(async () => {
  simulators = await Promise.all([1, 2, 3].map(() => openRegistrySimulator()));
  const counts = { api: 1, producer: 1, worker: 2, 'status-writer': 1 };
  tagtrail = await openInstallation(counts, { TAGTRAIL_IMPORT_JOB_DEADLINE: JOB_DEADLINE });
});
afterAll(async () => {
  await tagtrail[Symbol.asyncDispose]();
  await Promise.all(simulators.map((simulator) => simulator[Symbol.asyncDispose]()));
});

it('a hanging host leaves the pace of the others alone', async () => {
  const [hung, ...healthy] = simulators;
  if (hung === undefined) throw new Error('no host');
  for (const [index, simulator] of simulators.entries()) {
    const sources: Record<string, string> = {};
    for (let tag = 0; tag < TAGS; tag += 1) {
      // Tags of one repository fall due together, and a span would hold one such wave more or less.
      simulator.push(`shop/app${tag}`, 'v1');
      sources[`v${tag}`] = `${simulator.host}/shop/app${tag}:v1`;
    }
    await tagtrail.client.streams.create(definition(`host${index}`, sources, { schedule: '1s' }));
  }
  const settled = async () => {
    const { items } = await tagtrail.client.checks.list({ namespace: 'demo' });
    const looked = items.flatMap(({ tags }) => tags).filter(({ lastChecked }) => lastChecked);
    return looked.length === TAGS * simulators.length ? true : undefined;
  };
  await eventually(settled, 30_000);

  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const without = await looksPerSecond(healthy, SPAN);
    const fault = hung.faults.set({ route: 'manifest' }, { hang: true });
    await eventually(async () => (fault.applied >= PER_HOST ? true : undefined), ALL_HANG);
    const during = await looksPerSecond(healthy, SPAN);
    ratios.push(during / without);
    hung.faults.clear();
    hung.clearRequests();
    await eventually(async () => (hung.requests.length > TAGS ? true : undefined), 20_000);
  }
  const { median, told } = middleOf(ratios);
  expect(median, told).toBeGreaterThanOrEqual(0.95);
});
