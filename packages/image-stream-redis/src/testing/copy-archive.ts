import type {
  ArchiveMarks,
  RestoreResult,
  StreamRestore,
  StreamSnapshot,
} from '@tagtrail/image-stream';
import type { ImageStreamRedis } from '../open-image-stream-redis.ts';
import { T0 } from './open-store-for-test.ts';

type Archive = Pick<ImageStreamRedis, 'archive'>;

/** What all numbers of the tests' archives lie below. */
export const MARKS: ArchiveMarks = { archive: 'an-archive', resourceVersion: 100, fence: 50 };

/** Snapshots of all streams. */
export async function snapshots({ archive }: Archive): Promise<readonly StreamSnapshot[]> {
  const names = await archive.names({ limit: 500 });
  const found = await Promise.all(names.map((name) => archive.snapshot(name)));
  return found.flatMap((one) => one ?? []);
}

/** Stages a snapshot's histories, two events at a time. */
export async function stageAll(
  from: Archive,
  to: Archive,
  snapshot: StreamSnapshot,
): Promise<void> {
  const { namespace = '', name, uid = '' } = snapshot.stream.metadata;
  for (const [tag, { length }] of snapshot.histories) {
    for (let offset = 0; offset < length; offset += 2) {
      const events = await from.archive.events(snapshot, { tag, offset, limit: 2 });
      if (events === undefined) throw new Error('the history is gone');
      const piece = { key: { namespace, name, uid, tag }, offset, events };
      if (!(await to.archive.stage(piece))) throw new Error('not the next piece');
    }
  }
}

export async function copyStream(
  from: Archive,
  to: Archive,
  snapshot: StreamSnapshot,
  fields: Partial<StreamRestore> = {},
): Promise<RestoreResult> {
  await stageAll(from, to, snapshot);
  const { stream, checks, histories } = snapshot;
  return to.archive.restore({
    archive: MARKS.archive,
    stream,
    checks,
    histories: new Map([...histories].map(([tag, { length }]) => [tag, length])),
    now: T0,
    existing: 'keep',
    ...fields,
  });
}
