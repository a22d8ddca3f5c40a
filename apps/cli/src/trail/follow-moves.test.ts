import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { createApiClient } from '@tagtrail/api-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { followMoves } from './follow-moves.ts';

/** What the server answers next, one entry per request; the last answer stays open. */
let answers: string[] = [];
let asked: string[] = [];
let url = '';

const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  answer(response, answers.shift() ?? '');
});

function answer(response: ServerResponse, body: string): void {
  response.setHeader('content-type', 'application/json');
  if (answers.length > 0) response.end(body);
  else response.write(body);
}

beforeEach(async () => {
  asked = [];
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const stream = (resourceVersion: string, ...images: string[]) => ({
  kind: 'ImageStream',
  metadata: { name: 'web', namespace: 'demo', uid: 'u', resourceVersion },
  spec: {},
  status: {
    tags: [
      {
        tag: 'latest',
        items: images.map((image, index) => ({
          created: `2026-11-23T05:27:0${images.length - index}Z`,
          dockerImageReference: `r/web@${image}`,
          image,
        })),
      },
    ],
  },
});

const list = (resourceVersion: string, ...items: object[]) =>
  JSON.stringify({ kind: 'ImageStreamList', metadata: { resourceVersion }, items });
const event = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;

const EXPIRED = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  reason: 'Expired',
  code: 410,
};

async function moves(count: number): Promise<readonly string[]> {
  const stop = new AbortController();
  const { streams } = createApiClient({ server: url });
  const seen: string[] = [];
  for await (const move of followMoves(streams, { namespace: 'demo' }, { signal: stop.signal })) {
    seen.push(`${move.from}→${move.to}`);
    if (seen.length === count) stop.abort();
  }
  return seen;
}

it('starts from what is there and tells what happens from then on', async () => {
  answers = [
    list('5', stream('5', 'a')),
    event('MODIFIED', stream('6', 'b', 'a')) + event('MODIFIED', stream('7', 'c', 'b', 'a')),
  ];
  expect(await moves(2)).toEqual(['a→b', 'b→c']);
  expect(asked[1]).toContain('resourceVersion=5');
});

it('misses no move when the server has forgotten where it was', async () => {
  answers = [
    list('5', stream('5', 'a')),
    event('ERROR', EXPIRED),
    list('9', stream('8', 'c', 'b', 'a')),
    event('MODIFIED', stream('10', 'd', 'c', 'b', 'a')),
  ];
  expect(await moves(3)).toEqual(['a→b', 'b→c', 'c→d']);
  expect(asked[3]).toContain('resourceVersion=9');
});
