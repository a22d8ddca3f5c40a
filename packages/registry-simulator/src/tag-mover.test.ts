import { describe, expect, it } from 'vitest';
import { openRegistrySimulator } from './registry-simulator.ts';
import { createTagMover } from './tag-mover.ts';

const web = { repository: 'shop/web', tag: 'latest' };
const api = { repository: 'shop/api', tag: 'v1', image: { platforms: ['linux/amd64'] } };

describe('createTagMover', () => {
  it('moves one target after another, each time to a new image', async () => {
    await using simulator = await openRegistrySimulator();
    await using _ = createTagMover(simulator, { targets: [web, api], every: 2 });
    await simulator.waitForPush(() => simulator.pushes.length >= 4);
    const pushes = simulator.pushes.slice(0, 4);
    expect(pushes.map(({ repository }) => repository)).toEqual([
      'shop/web',
      'shop/api',
      'shop/web',
      'shop/api',
    ]);
    expect(new Set(pushes.map(({ digest }) => digest)).size).toBe(4);
    expect(pushes.map(({ children }) => children.length)).toEqual([0, 1, 0, 1]);
  });

  it('stops when disposed, in the middle of an interval', async () => {
    await using simulator = await openRegistrySimulator();
    await createTagMover(simulator, { targets: [web], every: 3_600_000 })[Symbol.asyncDispose]();
    expect(simulator.pushes).toEqual([]);
  });

  it('refuses at once what it could not push later', async () => {
    await using simulator = await openRegistrySimulator();
    const targets = [web, { repository: 'Shop', tag: 'v1' }];
    expect(() => createTagMover(simulator, { targets, every: 1 })).toThrow('not a repository name');
  });

  it('has nothing to do without targets', async () => {
    await using simulator = await openRegistrySimulator();
    await using _ = createTagMover(simulator, { targets: [], every: 1 });
    expect(simulator.pushes).toEqual([]);
  });
});
