import { notFound, type Status, successStatus } from '@tagtrail/apimachinery';
import {
  type CheckStore,
  type ImageStreamStore,
  removeTag,
  type ScheduleSettings,
} from '@tagtrail/image-stream';
import { commitChange } from '../image-streams/commit-change.ts';
import { allowedChange } from '../image-streams/decode-write.ts';
import { checkExpectations, type Expectations } from '../image-streams/expectations.ts';
import { StatusError } from '../status-error.ts';
import { imageStreamTagNamed, type StreamTagKey } from './image-tag-resource.ts';

export interface DeleteTagParts {
  readonly streams: Pick<ImageStreamStore, 'read' | 'commit'>;
  readonly checks: Pick<CheckStore, 'readChecks'>;
  readonly settings: ScheduleSettings;
  /** ms since the epoch. */
  readonly now: () => number;
}

export interface DeleteTagRequest {
  readonly key: StreamTagKey;
  /** Of the stream: a tag has its uid and its version. */
  readonly preconditions: Expectations;
  readonly dryRun: boolean;
}

/** Deletes what a stream wants of a tag and what it knows of it. Answers the Status Success. Throws StatusError. */
export async function deleteTag(
  parts: DeleteTagParts,
  { key, preconditions, dryRun }: DeleteTagRequest,
): Promise<Status> {
  const target = imageStreamTagNamed(key.name);
  let uid = '';
  const prepare = async () => {
    const current = await parts.streams.read(key.stream);
    if (current === undefined) throw new StatusError(notFound(target));
    checkExpectations(current, preconditions);
    uid = current.metadata.uid ?? '';
    const checks = await parts.checks.readChecks(uid);
    const context = { now: parts.now(), uid, settings: parts.settings, checks };
    const write = removeTag(current, key.tag, context);
    if (write === undefined) throw new StatusError(notFound(target));
    return allowedChange(key.stream, write);
  };
  await (dryRun ? prepare() : commitChange(parts.streams, prepare));
  return successStatus({ ...target, uid });
}
