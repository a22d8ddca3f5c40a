import { createServer, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { openRedisForTest } from '../../embedded-redis/src/index.ts';
import { REPLY_MAPPING } from './connection-options.ts';
import { GatheringClient } from './gathering-client.ts';
import { parseRedisUrl } from './parse-redis-url.ts';

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one[Symbol.asyncDispose]();
});

it('sends what one turn asks for in one write, and answers each command', async () => {
  const server = await openRedisForTest();
  opened.push(server);
  const redis = new GatheringClient({ ...parseRedisUrl(server.url), replyMapping: REPLY_MAPPING });
  await redis.ping();
  const before = await reads(redis);
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) => redis.set(`key${index}`, index)),
  );
  expect(answers).toEqual(new Array(200).fill('OK'));
  // The commands, and the question for the count.
  expect((await reads(redis)) - before).toBeLessThanOrEqual(4);
  redis.disconnect();
});

it('rejects what was gathered when the connection breaks', async () => {
  const sockets: Socket[] = [];
  const listener = createServer((socket) => void sockets.push(socket));
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const redis = new GatheringClient({
    port,
    enableReadyCheck: false,
    retryStrategy: () => null,
    protocol: 2,
  });
  redis.on('error', () => undefined);
  const connected = new Promise<void>((resolve) => redis.once('connect', () => resolve()));
  await connected;
  const asked = Promise.allSettled([redis.get('a'), redis.get('b')]);
  for (const socket of sockets) socket.destroy();
  redis.stream.destroy();
  expect((await asked).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  listener.close();
});

async function reads(redis: GatheringClient): Promise<number> {
  const text = await redis.info('stats');
  return Number(/total_reads_processed:(\d+)/.exec(text)?.[1]);
}
