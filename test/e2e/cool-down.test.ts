import type { TagCheck } from '@tagtrail/api-client';
import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definition } from './definitions.ts';
import { eventually, type Installation, openInstallation } from './installation.ts';
import { runTagtrail } from './run-tagtrail.ts';

const WORKERS = 2;
/** Of one repository, so that all of them are due at the same moment. */
const TAGS = 240;
const OTHER_TAGS = 40;
/** s; longer than this test. */
const LONG = 600;
/** s; so short that the test sees its end. */
const SHORT = 2;
/** ms until a refusal is sent: whatever a worker had sent by then was on its way before it could know. */
const REFUSAL_LATENCY = 500;
/** ms for every tag to be looked at, or to be put off, on a machine that does much else. */
const LIMIT = 60_000;

let tagtrail: Installation;
let angry: RegistrySimulator;
let calm: RegistrySimulator;

beforeAll(async () => {
  [angry, calm] = await Promise.all([openRegistrySimulator(), openRegistrySimulator()]);
  tagtrail = await openInstallation({
    api: 1,
    producer: 1,
    worker: WORKERS,
    'status-writer': 1,
  });
  await follow('angry', angry, TAGS);
  await follow('calm', calm, OTHER_TAGS);
});
afterAll(async () => {
  await tagtrail[Symbol.asyncDispose]();
  await Promise.all([angry, calm].map((simulator) => simulator[Symbol.asyncDispose]()));
});

/** Creates a stream of so many tags and waits until each was looked at. */
async function follow(name: string, simulator: RegistrySimulator, count: number): Promise<void> {
  const tags = Array.from({ length: count }, (_, at) => `v${at}`);
  for (const tag of tags) simulator.push(`shop/${name}`, tag);
  const sources = tags.map((tag) => [tag, `${simulator.host}/shop/${name}:${tag}`] as const);
  const stream = definition(name, Object.fromEntries(sources), { schedule: '2s' });
  await tagtrail.client.streams.create(stream);
  await lookedAt(name, 0);
}

async function checksOf(name: string): Promise<readonly TagCheck[]> {
  return (await tagtrail.client.checks.get({ namespace: 'demo', name })).tags;
}

function lookedAt(name: string, since: number): Promise<true> {
  return eventually(async () => {
    const checks = await checksOf(name);
    const isNew = ({ lastChecked }: TagCheck) => Date.parse(lastChecked ?? '') > since;
    return checks.every(isNew) ? true : undefined;
  }, LIMIT);
}

function isBlocked({ freshness }: TagCheck): boolean {
  return freshness?.state === 'Blocked';
}

/** Every tag of the angry registry is blocked, and the calm one goes on. */
async function stormIsOver(): Promise<readonly TagCheck[]> {
  const blocked = await eventually(async () => {
    const checks = await checksOf('angry');
    return checks.every(isBlocked) ? checks : undefined;
  }, LIMIT);
  await lookedAt('calm', Date.now());
  await lookedAt('calm', Date.now());
  return blocked;
}

function cli(...args: readonly string[]) {
  const { server, token } = tagtrail;
  return runTagtrail(args, { cwd: '/', server, token });
}

describe('a registry that says "later" to two workers', () => {
  it('is asked again when that is over, for every tag', async () => {
    const fault = angry.faults.set({ route: 'manifest' }, { status: 429, retryAfter: SHORT });
    await eventually(async () => (fault.applied > 0 ? true : undefined), LIMIT);
    angry.faults.clear();
    const over = Date.now() + SHORT * 1_000;
    await lookedAt('angry', over);
    const checks = await checksOf('angry');
    expect(new Set(checks.map(({ attempts }) => attempts))).toEqual(new Set([0]));
    expect(new Set(checks.map(({ freshness }) => freshness?.state))).toEqual(new Set(['Fresh']));
  });

  it('is asked by nobody from the first refusal on, while another one is looked at as ever', async () => {
    angry.clearRequests();
    const refusal = { status: 429, retryAfter: LONG, latency: REFUSAL_LATENCY };
    const fault = angry.faults.set({ route: 'manifest' }, refusal);
    await eventually(async () => (fault.applied > 0 ? true : undefined), LIMIT);
    const blocked = await stormIsOver();
    const refused = angry.requests.filter(({ status }) => status === 429);
    const heard = (refused[0]?.at ?? Number.NaN) + REFUSAL_LATENCY;
    const late = angry.requests.filter(({ at }) => at > heard);
    expect(late.length).toBeLessThanOrEqual(2 * WORKERS);
    expect(blocked).toHaveLength(TAGS);
    const failing = blocked.filter(({ attempts }) => attempts > 0);
    expect(failing.length).toBeLessThanOrEqual(refused.length);
    for (const { attempts, outcome } of failing) {
      expect([attempts, outcome]).toEqual([1, 'TooManyRequests']);
    }
    const rest = blocked.filter(({ attempts }) => attempts === 0);
    expect(new Set(rest.map(({ outcome }) => outcome))).toEqual(new Set(['unchanged']));
  });

  it('says so to whoever looks, and to whoever asks for an import', async () => {
    const asked = angry.requests.length;
    const status = await cli('status');
    expect(status.stdout).toMatch(
      new RegExp(`left alone +${angry.host} until .*Z .* more\\): it answered 429`, 'u'),
    );
    expect(status.stdout).toMatch(/\d+ blocked \(the registry asked to be left alone\)/u);
    const checks = await cli('get', 'checks', '-n', 'demo');
    expect(checks.stdout).toMatch(/angry:v0 .* Blocked \(\d+ minutes left\)/u);
    const wide = await cli('get', 'is', '-n', 'demo', '-o', 'wide');
    expect(wide.stdout).toMatch(new RegExp(`Blocked \\(${TAGS} of ${TAGS}\\)`, 'u'));
    const tags = await cli('get', 'istag', 'angry:v0', '-n', 'demo', '-o', 'wide');
    expect(tags.stdout).toMatch(/Blocked \(\d+ minutes left\)/u);
    const from = `--from=${angry.host}/shop/angry:v0`;
    const imports = [['angry:v0'], ['unheard-of:v0', from, '--confirm', '--insecure']];
    for (const wanted of imports) {
      const { exitCode, stdout, stderr } = await cli('import-image', ...wanted, '-n', 'demo');
      expect([exitCode, `${stdout}${stderr}`]).toEqual([
        1,
        expect.stringMatching(/is left alone until .*Z: it answered 429/u),
      ]);
    }
    const { items } = await tagtrail.client.streams.listAll({ namespace: 'demo' });
    expect(items.map(({ metadata }) => metadata.name).sort()).toEqual(['angry', 'calm']);
    expect(angry.requests.length).toBe(asked);
  });
});
