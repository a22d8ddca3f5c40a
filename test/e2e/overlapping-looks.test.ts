import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { IMAGE_API_VERSION } from '@tagtrail/image-stream';
import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { definition, digestsOf } from './definitions.ts';
import { eventually, type Installation, openInstallation } from './installation.ts';

/** ms that the answer to the second look is on its way, while the first one is asked, answered and recorded. */
const ANSWER_TIME = 3_000;

let simulator: RegistrySimulator;
let gate: Awaited<ReturnType<typeof openHoldingGate>>;
let tagtrail: Installation;

beforeAll(async () => {
  simulator = await openRegistrySimulator();
  gate = await openHoldingGate(simulator.host);
  tagtrail = await openInstallation({ api: 1, producer: 1, worker: 1, 'status-writer': 1 });
});
afterAll(async () => {
  await tagtrail[Symbol.asyncDispose]();
  await gate.close();
  await simulator[Symbol.asyncDispose]();
});

/** A wire that can keep what the next client says until it is told to pass it on. */
async function openHoldingGate(target: string) {
  const port = Number(target.slice(target.lastIndexOf(':') + 1));
  const sockets = new Set<Socket>();
  const held: (() => void)[] = [];
  let wanted: PromiseWithResolvers<void> | undefined;
  const server = createServer((client) => {
    const registry = connect(port, '127.0.0.1');
    for (const socket of [client, registry]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    client.on('close', () => registry.destroy());
    registry.on('close', () => client.destroy());
    registry.pipe(client);
    client.on('data', (chunk) => {
      if (wanted === undefined) {
        registry.write(chunk);
        return;
      }
      held.push(() => registry.write(chunk));
      wanted.resolve();
      wanted = undefined;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    host: `127.0.0.1:${address.port}`,
    /** Resolves when it holds what a client said. */
    async holdNext() {
      wanted = Promise.withResolvers<void>();
      await wanted.promise;
    },
    release() {
      for (const pass of held.splice(0)) pass();
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

it('of two looks at once, the one that was answered earlier never comes over the other', async () => {
  const source = `${gate.host}/shop/web:latest`;
  const old = simulator.push('shop/web', 'latest').digest;
  await tagtrail.client.streams.create(definition('web', { latest: source }, { schedule: '2s' }));
  const key = { namespace: 'demo', name: 'web' };
  const digests = async () => digestsOf(await tagtrail.client.streams.get(key), 'latest');
  const untilDigests = (wanted: readonly string[]) =>
    eventually(async () => ((await digests()).join() === wanted.join() ? true : undefined), 10_000);
  await untilDigests([old]);

  // Right after a scheduled look somebody asks for one; its question is held on its way.
  simulator.clearRequests();
  await simulator.waitForRequest(() => true);
  await untilIdle();
  const isHeld = gate.holdNext();
  const asked = tagtrail.client.imageStreamImports.create({
    kind: 'ImageStreamImport',
    apiVersion: IMAGE_API_VERSION,
    metadata: key,
    spec: {
      import: true,
      images: [
        {
          from: { kind: 'DockerImage', name: source },
          to: { name: 'latest' },
          importPolicy: { insecure: true, scheduled: true },
          referencePolicy: { type: 'Source' },
        },
      ],
    },
    status: {},
  });
  await isHeld;
  // The next scheduled look begins later and is answered before the tag moves; its answer takes its time.
  const slow = simulator.faults.set({}, { latency: ANSWER_TIME });
  simulator.clearRequests();
  await simulator.waitForRequest(() => true);
  slow[Symbol.dispose]();
  const moved = simulator.push('shop/web', 'latest').digest;
  gate.release();
  await asked;
  await untilDigests([moved, old]);

  simulator.clearRequests();
  await simulator.waitForRequest(() => true);
  await untilIdle();
  const { items } = await tagtrail.client.history.list({ ...key, tag: 'latest' });
  expect(items.map(({ image }) => image)).toEqual([moved, old]);
});

/** No job runs, and every result is recorded. */
async function untilIdle() {
  await eventually(async () => {
    const { queue, requested, results } = await tagtrail.client.queueMetrics();
    const left = queue.active + queue.waiting + requested.active + results.pending + results.lag;
    return left === 0 ? true : undefined;
  }, 10_000);
}
