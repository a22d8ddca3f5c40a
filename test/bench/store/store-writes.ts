import { createHash } from 'node:crypto';
import {
  type CheckState,
  type ImageStream,
  recordImport,
  type StreamChange,
  type StreamList,
  type Touch,
} from '@tagtrail/image-stream';
import type { ImageStreamRedis } from '@tagtrail/image-stream-redis';
import { SETTINGS } from '../schedule/seeded-stream.ts';

/** Events that a record keeps of a tag: few, so that the last commit moves as many bytes as the first. */
const HISTORY_LIMIT = 5;
/** Streams read at once. */
const PAGE = 500;
/** Commits on their way at once, each of another stream: the parallelism of one status writer. */
const COMMITS_AT_ONCE = 8;
/** Touches in one call: the default of `results.batchSize`. */
const TOUCHES_AT_ONCE = 200;
const RECEIPT = { log: '{tagtrail}:results', group: 'status-writer', entry: '0-1' };

/** A stream with what is known about its tags, as a writer holds it between two commits. */
export interface HeldStream {
  stream: ImageStream;
  states: ReadonlyMap<string, CheckState>;
}

/** Reads so many of the streams that there are, with the states of their tags. */
export async function holdStreams(
  { streams, checks }: ImageStreamRedis,
  count: number,
): Promise<readonly HeldStream[]> {
  const held: HeldStream[] = [];
  let next: string | undefined = '';
  while (next !== undefined && held.length < count) {
    const limit = Math.min(PAGE, count - held.length);
    const page: StreamList = await streams.list({ limit, ...(next && { continue: next }) });
    const read = page.items.map(async (stream) => ({
      stream,
      states: await checks.readChecks(stream.metadata.uid ?? ''),
    }));
    held.push(...(await Promise.all(read)));
    next = page.continue;
  }
  return held;
}

/** Commits `count` moves of a tag, each with its image, stream after stream. Answers how long it took, s. */
export async function commitMoves(
  store: ImageStreamRedis,
  held: readonly HeldStream[],
  count: number,
): Promise<number> {
  let next = 0;
  const lane = async (first: number) => {
    for (let at = first; next < count; at += COMMITS_AT_ONCE) {
      next += 1;
      const one = held[at % held.length];
      if (one !== undefined) await commitMove(store, one, Math.floor(at / held.length));
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: COMMITS_AT_ONCE }, (_, at) => lane(at)));
  return (performance.now() - start) / 1_000;
}

/** Touches `count` tags, batch after batch. Answers how long it took, s. */
export async function touchTags(
  { checks }: ImageStreamRedis,
  held: readonly HeldStream[],
  count: number,
): Promise<number> {
  const touches = held.flatMap(touchesOf).slice(0, TOUCHES_AT_ONCE);
  const start = performance.now();
  let current = touches;
  for (let done = 0; done < count; done += current.length) {
    const answers = await checks.touch(current);
    if (answers.some((answer) => answer !== 'touched')) throw new Error('a touch was refused');
    current = current.map((touch) => ({
      ...touch,
      before: touch.after,
      after: looked(touch.after),
    }));
  }
  return (performance.now() - start) / 1_000;
}

async function commitMove(store: ImageStreamRedis, held: HeldStream, round: number): Promise<void> {
  const { stream, states } = held;
  const [tag = '', state] = [...states][round % states.size] ?? [];
  if (state === undefined) throw new Error('there is no such tag');
  const { namespace = '', name } = stream.metadata;
  const image = `sha256:${createHash('sha256').update(`${namespace}/${name}:${tag}#${state.fence}`).digest('hex')}`;
  const dockerImageReference = `${state.repository}@${image}`;
  await store.images.save([
    {
      digest: image,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      dockerImageReference,
      manifest: '{"schemaVersion":2}',
      config: '{"architecture":"amd64","os":"linux"}',
    },
  ]);
  const outcome = { kind: 'imported', upstreamDigest: image, image, dockerImageReference } as const;
  const from = stream.spec.tags?.find((one) => one.name === tag)?.from?.name ?? '';
  const look = { tag, generation: state.generation, fence: state.fence + 1_000, from, outcome };
  const now = Date.now();
  const context = { checks: states, now, settings: SETTINGS, historyLimit: HISTORY_LIMIT };
  const recorded = recordImport(stream, [look], context);
  const change: StreamChange = {
    key: { namespace, name },
    before: stream,
    after: recorded.stream,
    checks: recorded.checks,
    expectedChecks: new Map([[tag, state]]),
    history: recorded.history,
    receipts: [RECEIPT],
  };
  const answer = await store.streams.commit(change);
  if (answer.kind !== 'committed' || answer.stream === undefined) throw new Error(answer.kind);
  held.stream = answer.stream;
  const moved = recorded.checks.flatMap((one) =>
    one.state ? [[one.tag, one.state] as const] : [],
  );
  held.states = new Map([...states, ...moved]);
}

function touchesOf({ stream, states }: HeldStream): readonly Touch[] {
  const { namespace = '', name, uid = '' } = stream.metadata;
  return [...states].map(([tag, before]) => ({
    key: { namespace, name, uid, tag },
    before,
    after: looked(before),
    receipt: RECEIPT,
  }));
}

function looked(before: CheckState): CheckState {
  const now = Date.now();
  const nextDue = now + SETTINGS.defaultInterval;
  return { ...before, fence: before.fence + 1, outcome: 'unchanged', lastChecked: now, nextDue };
}
