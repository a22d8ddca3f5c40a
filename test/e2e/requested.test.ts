import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { digestsOf } from './definitions.ts';
import { importAll, keepBusy, pushStorm, type StormImport } from './import-storm.ts';
import { type Installation, openInstallation } from './installation.ts';

let tagtrail: Installation;
let simulator: RegistrySimulator;

beforeAll(async () => {
  simulator = await openRegistrySimulator();
  tagtrail = await openInstallation({ api: 1, producer: 1, worker: 1, 'status-writer': 1 });
});
afterAll(async () => {
  await tagtrail[Symbol.asyncDispose]();
  await simulator[Symbol.asyncDispose]();
});

/** What a command was told, and what it says the record held at that time. */
function told({ answer, tag, stream }: StormImport) {
  const image = answer?.status.images?.[0]?.image?.metadata.name ?? 'nothing';
  return { stream, tag, image, heads: digestsOf(answer?.status.import ?? undefined, tag) };
}

it('two hundred imports at once beside 2,000 scheduled tags each answer what was committed', async () => {
  const site = { tagtrail, simulator };
  await keepBusy(site);
  pushStorm(site);
  const first = await importAll(site);
  pushStorm(site);
  const second = await importAll(site);
  const all = [...first, ...second];
  expect(all.filter(({ exitCode }) => exitCode !== 0).map(({ stderr }) => stderr)).toEqual([]);
  for (const one of all.map(told)) expect(one.heads).toContain(one.image);
  for (const { stream, tag, image } of second.map(told)) {
    const key = { namespace: 'demo', name: stream };
    const record = await tagtrail.client.streams.get(key);
    expect(digestsOf(record, tag)[0]).toBe(image);
    const pushed = simulator.pushes.filter(
      (push) => push.tag === tag && push.repository === 'storm/app',
    );
    expect(pushed.map(({ digest }) => digest).toReversed()).toEqual(digestsOf(record, tag));
  }
});
