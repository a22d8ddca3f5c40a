import type { RequestListener } from 'node:http';
import { openRegistryClient } from '@tagtrail/registry-client';
import { describe, expect, it } from 'vitest';
import {
  BLOB,
  BLOB_RANGE,
  keepingSink,
  sendHalf,
  serveBlob,
} from '../../registry-client/src/testing/blob-for-test.ts';
import { EVERY_ADDRESS } from '../../registry-client/src/testing/every-address.ts';
import { sendStatus, targetOf } from '../../registry-client/src/testing/scripted-registry.ts';
import { openScriptedServer } from '../../registry-client/src/testing/scripted-server.ts';
import { mirrorRegistry } from './mirrored-registry.ts';

const never = new AbortController().signal;
const { size: SIZE } = BLOB_RANGE;
const HALF = SIZE / 2;
/** ms; a mirror of these tests is not waited for longer. */
const PATIENCE = 40;

const breakHalfway = sendHalf((response) => response.destroy());
const notFound: RequestListener = (_, response) => sendStatus(response, 404);

/** One source with mirrors in front of it, each answering as told; source last. */
async function openPlaces(...answers: readonly RequestListener[]) {
  const servers = await Promise.all(answers.map((answer) => openScriptedServer(answer)));
  const source = servers.at(-1);
  if (source === undefined) throw new Error('no source');
  const client = openRegistryClient({ userAgent: 'tagtrail-test', addresses: EVERY_ADDRESS });
  const locations = servers
    .slice(0, -1)
    .map(({ host }) => ({ location: host, pull: 'all' as const, insecure: true }));
  const mirrors = [{ prefix: source.host, locations, fallback: 'source' as const }];
  return {
    registry: mirrorRegistry(client, { mirrors, patience: PATIENCE }),
    target: targetOf(source.host),
    /** The ranges that each place was asked for. */
    asked: () => servers.map(({ requests }) => requests.map(({ headers }) => headers.range)),
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      for (const server of servers) await server[Symbol.asyncDispose]();
    },
  };
}

describe('a blob out of several places', () => {
  it('comes from the first one that has it', async () => {
    await using places = await openPlaces(notFound, serveBlob, serveBlob);
    const sink = keepingSink();
    await places.registry.streamBlob(places.target, BLOB_RANGE, sink, never);
    expect(sink.bytes().equals(BLOB)).toBe(true);
    expect(places.asked()).toEqual([[undefined], [undefined], []]);
  });

  it('goes on at the next one where a mirror breaks off', async () => {
    await using places = await openPlaces(breakHalfway, serveBlob);
    const sink = keepingSink();
    await places.registry.streamBlob(places.target, BLOB_RANGE, sink, never);
    expect(sink.bytes().equals(BLOB)).toBe(true);
    expect(places.asked()).toEqual([[undefined], [`bytes=${HALF}-`]]);
  });

  it('begins where its caller says', async () => {
    await using places = await openPlaces(notFound, serveBlob);
    const sink = keepingSink();
    await places.registry.streamBlob(places.target, { ...BLOB_RANGE, offset: 5 }, sink, never);
    expect(sink.bytes().equals(BLOB.subarray(5))).toBe(true);
    expect(places.asked()).toEqual([['bytes=5-'], ['bytes=5-']]);
  });

  it('is told with how far it came in all, when nobody can go on', async () => {
    await using places = await openPlaces(breakHalfway, notFound);
    const sink = keepingSink();
    await expect(
      places.registry.streamBlob(places.target, BLOB_RANGE, sink, never),
    ).rejects.toMatchObject({ code: 'NotFound', status: 404, resumeAt: HALF });
    expect(sink.bytes()).toHaveLength(HALF);
  });

  it('is told as it is when nobody has sent a byte', async () => {
    await using places = await openPlaces(notFound, notFound);
    const failed = places.registry.streamBlob(places.target, BLOB_RANGE, keepingSink(), never);
    await expect(failed).rejects.toMatchObject({ code: 'NotFound' });
    await expect(failed).rejects.not.toHaveProperty('resumeAt');
  });

  it('is not looked for elsewhere when the sink fails', async () => {
    await using places = await openPlaces(serveBlob, serveBlob);
    const own = new Error('disk full');
    const sink = keepingSink(() => Promise.reject(own));
    const failed = places.registry.streamBlob(places.target, BLOB_RANGE, sink, never);
    await expect(failed).rejects.toBe(own);
    expect(places.asked()).toEqual([[undefined], []]);
  });

  it('comes from the source when a mirror does not begin in time', async () => {
    await using places = await openPlaces(() => {}, serveBlob);
    const sink = keepingSink();
    await places.registry.streamBlob(places.target, BLOB_RANGE, sink, never);
    expect(sink.bytes().equals(BLOB)).toBe(true);
    expect(places.asked()).toEqual([[undefined], [undefined]]);
  });

  it('may take a mirror as long as it needs, once it has begun', async () => {
    await using places = await openPlaces(serveBlob, serveBlob);
    const later = AbortSignal.timeout(3 * PATIENCE);
    const passed = new Promise<void>((resolve) => {
      later.addEventListener('abort', () => resolve());
    });
    const sink = keepingSink(() => passed);
    await places.registry.streamBlob(places.target, BLOB_RANGE, sink, never);
    expect(sink.bytes().equals(BLOB)).toBe(true);
    expect(places.asked()).toEqual([[undefined], []]);
  });
});

describe('a list of referrers', () => {
  const empty: RequestListener = (_, response) =>
    response
      .writeHead(200, { 'content-type': 'application/vnd.oci.image.index.v1+json' })
      .end('{"schemaVersion":2,"manifests":[]}');

  it('is the source its own affair, like a list of tags', async () => {
    await using places = await openPlaces(notFound, empty);
    const list = await places.registry.fetchReferrers(places.target, BLOB_RANGE.digest, never);
    expect(list).toEqual({ manifests: [] });
    expect(places.asked()).toEqual([[], [undefined]]);
  });
});
