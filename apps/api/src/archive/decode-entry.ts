import { createHash } from 'node:crypto';
import { isDnsLabel } from '@tagtrail/apimachinery';
import {
  type ArchivedHistory,
  type ArchivedStream,
  type ArchiveEntry,
  decodeImageStream,
  type ImageDocument,
  type ImageStream,
  validateImageStream,
} from '@tagtrail/image-stream';

type Check = (value: unknown) => boolean;
type Fields = Readonly<Record<string, unknown>>;

/** A uid is part of keys. */
const UID_PATTERN = /^[A-Za-z0-9-]{1,64}$/;
const DIGEST_PATTERN = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
const TIME_PATTERN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** What is wrong with an entry of an archive, in words. */
export class EntryProblem extends Error {
  override readonly name = 'EntryProblem';
}

/** Reads an entry that somebody else may have written. @throws EntryProblem */
export function decodeEntry(value: unknown): ArchiveEntry {
  const entry = fieldsOf(value, 'an entry');
  if ('history' in entry) return { history: decodeHistory(entry['history']) };
  if ('stream' in entry) return { stream: decodeStream(entry['stream']) };
  if ('image' in entry) return { image: decodeImage(entry['image']) };
  if ('unreadable' in entry) return { unreadable: { namespace: '', name: '' } };
  throw new EntryProblem('it is of no kind that is known');
}

const isText: Check = (value) => typeof value === 'string';
const isName: Check = (value) => typeof value === 'string' && value !== '';
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isFlag: Check = (value) => typeof value === 'boolean';
const isUid: Check = (value) => typeof value === 'string' && UID_PATTERN.test(value);
const isTime: Check = (value) => typeof value === 'string' && TIME_PATTERN.test(value);
const isImage: Check = (value) => typeof value === 'string' && DIGEST_PATTERN.test(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const objectOf =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isFields(value) && Object.entries(checks).every(([name, check]) => check(value[name]));

const isEvent = objectOf({
  created: isTime,
  dockerImageReference: isText,
  image: (value) => value === '' || isImage(value),
  generation: isCount,
});
const isCondition = objectOf({
  type: (value) => value === 'ImportSuccess',
  status: isText,
  lastTransitionTime: isText,
  reason: isText,
  message: isText,
  generation: isCount,
});
const HISTORY: Readonly<Record<keyof ArchivedHistory, Check>> = {
  namespace: isName,
  name: isName,
  uid: isUid,
  tag: isName,
  offset: isCount,
  events: listOf(isEvent),
};
const isStatus = objectOf({
  dockerImageRepository: isText,
  publicDockerImageRepository: orAbsent(isText),
  tags: orAbsent(
    listOf(
      objectOf({
        tag: isName,
        items: orNull(listOf(isEvent)),
        conditions: orAbsent(listOf(isCondition)),
      }),
    ),
  ),
});
const METADATA: Readonly<Record<string, Check>> = {
  uid: isUid,
  resourceVersion: (value) => typeof value === 'string' && /^\d{1,15}$/.test(value),
  generation: isCount,
  creationTimestamp: isTime,
  namespace: (value) => typeof value === 'string' && isDnsLabel(value),
};
const isState = objectOf({
  generation: isCount,
  host: isName,
  repository: isName,
  schedule: orNull(isText),
  suspended: isFlag,
  fence: isCount,
  lastChecked: orNull(isCount),
  lastChanged: orNull(isCount),
  nextDue: orNull(isCount),
  attempts: isCount,
  outcome: (value) => typeof value === 'string' && /^[A-Za-z]{1,64}$/.test(value),
  message: isText,
  upstreamDigest: orNull(isImage),
  image: orNull(isText),
});
const STREAM: Readonly<Record<keyof ArchivedStream, Check>> = {
  object: isFields,
  checks: listOf(objectOf({ tag: isName, state: isState })),
  histories: listOf(objectOf({ tag: isName, events: (value) => isCount(value) && value !== 0 })),
};

const IMAGE: Readonly<Record<keyof ImageDocument, Check>> = {
  digest: isImage,
  mediaType: isName,
  dockerImageReference: isText,
  manifest: isText,
  config: orAbsent(isText),
  parts: orAbsent(listOf(isImage)),
};

/** A document under a wrong digest would be taken for an image that it is not. */
function decodeImage(value: unknown): ImageDocument {
  const image = checked(value, IMAGE, 'image') as unknown as ImageDocument;
  const [algorithm = '', hex] = image.digest.split(':');
  if (createHash(algorithm).update(image.manifest).digest('hex') !== hex) {
    throw new EntryProblem('image.manifest does not have the digest that it is named by');
  }
  return image;
}

function decodeHistory(value: unknown): ArchivedHistory {
  return checked(value, HISTORY, 'history') as unknown as ArchivedHistory;
}

/** The object is kept as it is: what a later version may add to it comes back too. */
function decodeStream(value: unknown): ArchivedStream {
  const stream = checked(value, STREAM, 'stream') as unknown as ArchivedStream;
  const { metadata, status } = stream.object;
  checked(metadata, METADATA, 'stream.object.metadata');
  if (!isStatus(status)) throw new EntryProblem('stream.object.status is not as it should be');
  const decoded = decodeImageStream(stream.object);
  const causes = decoded.ok ? nameCauses(decoded.stream) : decoded.causes;
  const [first] = causes;
  if (first !== undefined) throw new EntryProblem(`stream.object.${first.field}: ${first.message}`);
  return stream;
}

/** Rules for definitions may have become stricter since; only the name is part of keys. */
function nameCauses(stream: ImageStream) {
  return validateImageStream(stream).filter(({ field }) => field === 'metadata.name');
}

function checked(value: unknown, checks: Readonly<Record<string, Check>>, what: string): Fields {
  const fields = fieldsOf(value, what);
  const wrong = Object.entries(checks).find(([name, check]) => !check(fields[name]));
  if (wrong === undefined) return fields;
  throw new EntryProblem(`${what}.${wrong[0]} is not as it should be`);
}

function fieldsOf(value: unknown, what: string): Fields {
  if (isFields(value)) return value;
  throw new EntryProblem(`${what} is not an object`);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
