import {
  type CheckState,
  createImageStream,
  decodeImageStream,
  deleteImageStream,
  type ImageStream,
  replaceImageStream,
  type StreamChange,
} from '@tagtrail/image-stream';
import type { openImageStreamRedis } from '../open-image-stream-redis.ts';
import { SETTINGS, T0 } from './open-store-for-test.ts';

/** Raise a stream's count (and create it first), touch its one tag, or delete it. */
export interface Operation {
  readonly kind: 'count' | 'touch' | 'delete';
  readonly name: string;
}

/** A change that the store said it made. */
export interface Write extends Operation {
  readonly version: number;
  /** What the stream counts after it; 0 when it is gone. */
  readonly count: number;
}

interface Found {
  readonly current: ImageStream;
  readonly checks: ReadonlyMap<string, CheckState>;
}

const COUNT = 'example.com/count';

/** What a stream counts; 0 without one. */
export function countOf(stream: ImageStream | undefined): number {
  return Number(stream?.metadata.annotations?.[COUNT] ?? 0);
}

/** Reads, decides and writes on connections of its own, and begins anew whenever somebody else was faster. */
export class StoreClient {
  readonly store: Awaited<ReturnType<typeof openImageStreamRedis>>;
  /** Touches that the store said it made, by uid. */
  readonly touches = new Map<string, number>();
  /** Times that somebody else was faster, in all runs. */
  conflicts = 0;
  readonly #name: string;
  #created = 0;

  constructor(name: string, store: StoreClient['store']) {
    this.#name = name;
    this.store = store;
  }

  /** Forgets the run before. */
  begin(): void {
    this.touches.clear();
  }

  /** One after the other; answers what changed a record, in that order. */
  async perform(operations: readonly Operation[]): Promise<readonly Write[]> {
    const writes: Write[] = [];
    for (const operation of operations) {
      for (let done = false; !done; ) {
        const result = await this.#attempt(operation);
        done = result !== 'conflict';
        if (result === 'conflict') this.conflicts += 1;
        else if (result !== 'nothing') writes.push(result);
      }
    }
    return writes;
  }

  async #attempt(operation: Operation): Promise<Write | 'conflict' | 'nothing'> {
    const key = { namespace: 'demo', name: operation.name };
    const current = await this.store.streams.read(key);
    if (current === undefined) {
      return operation.kind === 'count'
        ? this.#commit(operation, this.#creation(key.name))
        : 'nothing';
    }
    const found = {
      current,
      checks: await this.store.checks.readChecks(current.metadata.uid ?? ''),
    };
    if (operation.kind === 'touch') return this.#touch(found);
    if (operation.kind === 'count') return this.#commit(operation, replacement(found));
    return this.#commit(operation, deleteImageStream(current, found.checks));
  }

  async #commit(operation: Operation, change: StreamChange): Promise<Write | 'conflict'> {
    const result = await this.store.streams.commit(change);
    if (result.kind === 'conflict') return 'conflict';
    if (result.kind !== 'committed') throw new Error(result.kind);
    const version = Number(result.resourceVersion);
    return { ...operation, version, count: countOf(result.stream) };
  }

  #creation(name: string): StreamChange {
    this.#created += 1;
    const uid = `${this.#name}-${this.#created}`;
    const write = createImageStream(definition(name, 1), { now: T0, uid, settings: SETTINGS });
    if (!write.ok) throw new Error('refused');
    return write.change;
  }

  async #touch({ current, checks }: Found): Promise<'conflict' | 'nothing'> {
    const { name, uid = '' } = current.metadata;
    const before = checks.get('latest');
    // Deleted between the two reads.
    if (before === undefined) return 'nothing';
    const after = { ...before, fence: before.fence + 1 };
    const receipt = { log: '{tagtrail}:results', group: 'writers', entry: '1-0' };
    const key = { namespace: 'demo', name, uid, tag: 'latest' };
    const [answer] = await this.store.checks.touch([{ key, before, after, receipt }]);
    if (answer !== 'touched') return 'conflict';
    this.touches.set(uid, (this.touches.get(uid) ?? 0) + 1);
    return 'nothing';
  }
}

function replacement({ current, checks }: Found): StreamChange {
  const wanted = definition(current.metadata.name, countOf(current) + 1);
  const context = { now: T0, uid: '', settings: SETTINGS, checks };
  const write = replaceImageStream(current, wanted, context);
  if (!write.ok) throw new Error('refused');
  return write.change;
}

function definition(name: string, count: number) {
  const from = { kind: 'DockerImage', name: 'quay.io/acme/app' };
  const decoded = decodeImageStream({
    metadata: { name, namespace: 'demo', annotations: { [COUNT]: String(count) } },
    spec: { tags: [{ name: 'latest', from, importPolicy: { scheduled: true } }] },
  });
  if (!decoded.ok) throw new Error('not decoded');
  return decoded.stream;
}
