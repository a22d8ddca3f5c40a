import {
  type CheckState,
  createImageStream,
  decodeImageStream,
  type ImageStream,
  type ScheduleSettings,
  type StreamChange,
} from '@tagtrail/image-stream';
import { openRedis } from '@tagtrail/redis-connection';
import { openRedisForTest } from '../../../embedded-redis/src/index.ts';
import { openImageStreamRedis } from '../open-image-stream-redis.ts';

export const T0 = Date.UTC(2026, 0, 1, 10, 0, 0);
export const SETTINGS: ScheduleSettings = {
  defaultInterval: 900_000,
  minimumInterval: 1_000,
  hostIntervals: {},
  retryBase: 5_000,
};
export const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

/** A store on a Redis of its own, and a plain connection to look behind it. */
export async function openStoreForTest() {
  const server = await openRedisForTest();
  const store = await openImageStreamRedis({ url: server.url, name: 'test' });
  const redis = openProbe(server.url);
  return {
    ...store,
    url: server.url,
    redis,
    [Symbol.asyncDispose]: async () => {
      redis.disconnect();
      await store[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** A plain connection. */
export function openProbe(url: string): ReturnType<typeof openRedis> {
  return openRedis({ url, name: 'test-probe' });
}

let created = 0;

/** A definition's creation, with an importable tag per source. */
export function creation(
  name: string,
  sources: Readonly<Record<string, string>> = { latest: 'quay.io/acme/app' },
  namespace = 'demo',
): StreamChange & { readonly after: ImageStream } {
  const tags = Object.entries(sources).map(([tag, from]) => ({
    name: tag,
    from: { kind: 'DockerImage', name: from },
    importPolicy: { scheduled: true },
  }));
  const decoded = decodeImageStream({ metadata: { name, namespace }, spec: { tags } });
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.causes));
  created += 1;
  const write = createImageStream(decoded.stream, {
    now: T0,
    uid: `uid-made-${created}`,
    settings: SETTINGS,
  });
  if (!write.ok || write.change.after === undefined) throw new Error('the definition was refused');
  return { ...write.change, after: write.change.after };
}

/** The check states that a change leaves. */
export function checksOf(change: StreamChange): ReadonlyMap<string, CheckState> {
  return new Map(change.checks.flatMap(({ tag, state }) => (state === null ? [] : [[tag, state]])));
}
