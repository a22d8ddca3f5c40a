import type { Redis } from 'ioredis';
import { encodeRecord } from '../../../packages/image-stream-redis/src/encode-record.ts';
import { formatTagMember, recordKeys } from '../../../packages/image-stream-redis/src/keys.ts';
import { packCheckState } from '../../../packages/image-stream-redis/src/pack-check-state.ts';
import { SETTINGS, seededStream, TAGS_PER_STREAM } from './seeded-stream.ts';

/** Streams written in one pipeline: some MB. */
const STREAMS_AT_ONCE = 50;

export interface SeedPlan {
  readonly tags: number;
  /** Default: TAGS_PER_STREAM. */
  readonly tagsPerStream?: number;
  /** Registry hosts; the streams are dealt out to them in turn. */
  readonly hosts: readonly string[];
}

/**
 * Writes records, check states and schedule of so many tags, all of them due, into the keys and in the encodings of the
 * store. Commits would do the same, one stream at a time and with a change log, and take an hour.
 */
export async function seedSchedule(redis: Redis, plan: SeedPlan): Promise<void> {
  const { hosts, tagsPerStream = TAGS_PER_STREAM } = plan;
  const keys = recordKeys('tagtrail');
  const streams = Math.ceil(plan.tags / tagsPerStream);
  // The first import was two intervals ago, so that every tag became due some time within the last one.
  const firstImport = Date.now() - 2 * SETTINGS.defaultInterval;
  const earliest = new Map<string, number>();
  for (let first = 0; first < streams; first += STREAMS_AT_ONCE) {
    const pipeline = redis.pipeline();
    for (let index = first; index < Math.min(first + STREAMS_AT_ONCE, streams); index += 1) {
      const host = hosts[index % hosts.length] ?? '';
      const { stream, states } = seededStream(index, {
        host,
        tags: tagsPerStream,
        now: firstImport,
      });
      const { namespace = '', name, uid = '' } = stream.metadata;
      const key = { namespace, name };
      const packed = [...states].flatMap(([tag, state]) => [tag, packCheckState(state)]);
      const due = [...states].flatMap(([tag, { nextDue }]) => {
        earliest.set(host, Math.min(earliest.get(host) ?? Infinity, nextDue ?? Infinity));
        return [nextDue ?? 0, formatTagMember(key, tag)];
      });
      pipeline.hset(keys.record(key), ...[...encodeRecord(stream)].flat(), 'rv', index + 1);
      pipeline.hset(keys.checks(uid), ...packed);
      pipeline.zadd(keys.due(host), ...due);
      pipeline.zadd(keys.names, 0, `${namespace}/${name}`);
    }
    await pipeline.exec();
  }
  await redis.set(keys.version, streams);
  await redis.zadd(keys.hosts, ...[...earliest].flatMap(([host, due]) => [due, host]));
}
