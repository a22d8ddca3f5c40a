import type { ImageStream } from '@tagtrail/image-stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { definition } from './definitions.ts';
import { type Installation, openInstallation, type RunningApp } from './installation.ts';

const WATCHERS = 3;
const CHANGES = 60;

let tagtrail: Installation;
let api: RunningApp;

beforeAll(async () => {
  tagtrail = await openInstallation({});
  api = await tagtrail.start('api');
});
afterAll(async () => tagtrail[Symbol.asyncDispose]());

/** `ADDED w1@5`: what a watcher saw, in order. */
async function watchUntil(last: string, signal: AbortSignal): Promise<readonly string[]> {
  const seen: string[] = [];
  for await (const { type, object } of tagtrail.client.streams.watch({
    namespace: 'demo',
    resourceVersion: '0',
    signal,
  })) {
    const { metadata } = object as ImageStream;
    if (metadata.name === last) return seen;
    seen.push(`${type} ${metadata.name}@${metadata.resourceVersion}`);
  }
  return seen;
}

async function change(index: number): Promise<string> {
  const { streams } = tagtrail.client;
  if (index % 3 === 2) {
    const current = await streams.get({ namespace: 'demo', name: `w${index - 2}` });
    const labels = { round: String(index) };
    const { metadata } = await streams.replace({
      ...current,
      metadata: { ...current.metadata, labels },
    });
    return `MODIFIED ${metadata.name}@${metadata.resourceVersion}`;
  }
  const { metadata } = await streams.create(definition(`w${index}`, {}));
  return `ADDED ${metadata.name}@${metadata.resourceVersion}`;
}

it('three watchers see every committed change once, in order, across restarts of the api', async () => {
  const committed: string[] = [];
  const stop = new AbortController();
  const watchers = Array.from({ length: WATCHERS }, () => watchUntil('the-end', stop.signal));
  for (let index = 0; index < CHANGES; index += 1) {
    committed.push(await change(index));
    if (index === CHANGES / 3) {
      await api.stop('SIGTERM');
      api = await tagtrail.start('api');
    }
    if (index === (2 * CHANGES) / 3) {
      await api.stop('SIGKILL');
      api = await tagtrail.start('api');
    }
  }
  await tagtrail.client.streams.create(definition('the-end', {}));
  for (const seen of await Promise.all(watchers)) expect(seen).toEqual(committed);
  stop.abort();
});
