import { openRegistrySimulator } from '@tagtrail/registry-simulator';
import { expect, it } from 'vitest';
import { createPushLedger } from './push-ledger.ts';

it('knows when an image was pushed, alone or in an index, also after more pushes', async () => {
  let now = 1_000;
  await using simulator = await openRegistrySimulator({ now: () => now });
  const ledger = createPushLedger(simulator.url);
  const single = simulator.push('demo/web', 'latest');
  expect(await ledger.pushedAt(single.digest)).toBe(1_000);
  now = 2_000;
  const index = simulator.push('demo/api', 'latest', { platforms: ['linux/amd64', 'linux/arm64'] });
  expect(await ledger.pushedAt(index.children[1]?.digest ?? '')).toBe(2_000);
  expect(await ledger.pushedAt(index.digest)).toBe(2_000);
  expect(await ledger.pushedAt('sha256:unknown')).toBeUndefined();
});

it('knows nothing when there is no simulator', async () => {
  expect(await createPushLedger('http://127.0.0.1:9').pushedAt('sha256:0')).toBeUndefined();
});
