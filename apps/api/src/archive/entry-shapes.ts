import { isDnsLabel } from '@tagtrail/apimachinery';
import type { ArchivedHistory, ArchivedStream, ImageDocument } from '@tagtrail/image-stream';
import {
  type Check,
  isCount,
  isFields,
  isFlag,
  isImage,
  isInstant,
  isName,
  isText,
  isTime,
  isUid,
  isVersionText,
  listOf,
  objectOf,
  orAbsent,
  orNull,
  TIME_AHEAD,
} from './field-checks.ts';

type Shape<T> = Readonly<Record<keyof T, Check>>;

/** What the fields of entries must be. */
export interface EntryShapes {
  readonly history: Shape<ArchivedHistory>;
  readonly stream: Shape<ArchivedStream>;
  readonly metadata: Readonly<Record<string, Check>>;
  readonly status: Check;
  readonly image: Shape<ImageDocument>;
}

/** Shapes for entries that are read at `now` (ms since the epoch): no time lies far ahead of it. */
export function entryShapes(now: number): EntryShapes {
  const isKnownTime = isTime(now + TIME_AHEAD);
  const isEvent = objectOf({
    created: isKnownTime,
    dockerImageReference: isText,
    image: (value) => value === '' || isImage(value),
    generation: isCount,
  });
  return {
    history: {
      namespace: isName,
      name: isName,
      uid: isUid,
      tag: isName,
      offset: isCount,
      events: listOf(isEvent),
    },
    stream: {
      object: isFields,
      checks: listOf(objectOf({ tag: isName, state: stateShape(isInstant(now + TIME_AHEAD)) })),
      histories: listOf(objectOf({ tag: isName, events: (value) => isCount(value) && value > 0 })),
    },
    metadata: {
      uid: isUid,
      resourceVersion: isVersionText,
      generation: isCount,
      creationTimestamp: isKnownTime,
      namespace: (value) => typeof value === 'string' && isDnsLabel(value),
    },
    status: statusShape(isEvent, isKnownTime),
    image: IMAGE,
  };
}

const IMAGE: Shape<ImageDocument> = {
  digest: isImage,
  mediaType: isName,
  dockerImageReference: isText,
  manifest: isText,
  config: orAbsent(isText),
  parts: orAbsent(listOf(isImage)),
};

function stateShape(isPast: Check): Check {
  return objectOf({
    generation: isCount,
    host: isName,
    repository: isName,
    schedule: orNull(isText),
    suspended: isFlag,
    fence: isCount,
    lastChecked: orNull(isPast),
    lastChanged: orNull(isPast),
    // The next leap day may be years ahead: see `dueInTime`.
    nextDue: orNull(isCount),
    attempts: isCount,
    outcome: (value) => typeof value === 'string' && /^[A-Za-z]{1,64}$/.test(value),
    message: isText,
    upstreamDigest: orNull(isImage),
    image: orNull(isText),
  });
}

function statusShape(isEvent: Check, isKnownTime: Check): Check {
  const isCondition = objectOf({
    type: (value) => value === 'ImportSuccess',
    status: isText,
    lastTransitionTime: isKnownTime,
    reason: isText,
    message: isText,
    generation: isCount,
  });
  const isTag = objectOf({
    tag: isName,
    items: orNull(listOf(isEvent)),
    conditions: orAbsent(listOf(isCondition)),
  });
  return objectOf({
    dockerImageRepository: isText,
    publicDockerImageRepository: orAbsent(isText),
    tags: orAbsent(listOf(isTag)),
  });
}
