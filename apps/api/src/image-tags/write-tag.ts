import { alreadyExists, badRequest, notFound } from '@tagtrail/apimachinery';
import {
  type CheckStore,
  type ImageStream,
  type ImageStreamStore,
  type ImageStreamTag,
  type RegistryPolicy,
  type ScheduleSettings,
  type StreamChange,
  type TagReference,
  type TagWrite,
  upsertTag,
  viewTag,
  withTag,
} from '@tagtrail/image-stream';
import { commitChange } from '../image-streams/commit-change.ts';
import { allowedChange } from '../image-streams/decode-write.ts';
import { checkExpectations } from '../image-streams/expectations.ts';
import { readSources } from '../image-streams/read-sources.ts';
import { refuseImpossibleNamespace } from '../image-streams/refuse-impossible-namespace.ts';
import { StatusError } from '../status-error.ts';
import { decodeTagBody, wantedTag } from './decode-tag-write.ts';
import { imageStreamTagNamed, parseTagName, type StreamTagKey } from './image-tag-resource.ts';

export interface TagWriteParts {
  readonly streams: Pick<ImageStreamStore, 'read' | 'commit'>;
  readonly checks: Pick<CheckStore, 'readChecks'>;
  readonly settings: ScheduleSettings;
  readonly registries: RegistryPolicy;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly createUid: () => string;
}

export interface WrittenTag {
  readonly object: ImageStreamTag;
  readonly isNew: boolean;
}

/** Defines a tag that is not defined yet, and the stream if that is missing too. Throws StatusError. */
export async function createTag(
  parts: TagWriteParts,
  request: { readonly namespace: string; readonly body: unknown; readonly dryRun: boolean },
): Promise<ImageStreamTag> {
  const { namespace, body, dryRun } = request;
  const write = decodeTagBody(body, namespace);
  const key = parseTagName(namespace, write.metadata.name);
  if ((write.metadata.resourceVersion ?? '') !== '') {
    const message = 'resourceVersion should not be set on objects to be created';
    throw new StatusError(badRequest(message));
  }
  const annotations = { ...write.tag?.annotations, ...write.metadata.annotations };
  const joined = { ...write, metadata: { ...write.metadata, annotations } };
  const choose = (current: ImageStream | undefined) => {
    if (specTag(current, key.tag) === undefined) return wantedTag(joined, key.tag);
    throw new StatusError(alreadyExists(imageStreamTagNamed(key.name)));
  };
  return (await commitTag(parts, { key, choose, dryRun })).object;
}

/**
 * Defines or redefines a tag; creates what is missing, the stream included. Without a resourceVersion whatever is there
 * is replaced. Throws StatusError. Source: OpenShift, which `oc tag` relies on.
 */
export function replaceTag(
  parts: TagWriteParts,
  request: { readonly key: StreamTagKey; readonly body: unknown; readonly dryRun: boolean },
): Promise<WrittenTag> {
  const { key, body, dryRun } = request;
  const write = decodeTagBody(body, key.stream.namespace);
  refuseOtherName(write, key.name);
  const choose = (current: ImageStream | undefined) => {
    expectVersion(write, current, key.name);
    return wantedTag(write, key.tag, specTag(current, key.tag));
  };
  return commitTag(parts, { key, choose, dryRun });
}

interface TagCommit {
  readonly key: StreamTagKey;
  /** The definition to write over what is there now. Throws StatusError where the client expects something else. */
  readonly choose: (current: ImageStream | undefined) => TagReference;
  readonly dryRun: boolean;
}

async function commitTag(
  parts: TagWriteParts,
  { key, choose, dryRun }: TagCommit,
): Promise<WrittenTag> {
  refuseImpossibleNamespace(key.stream.namespace);
  let isNew = false;
  const prepare = async () => {
    const current = await parts.streams.read(key.stream);
    isNew = specTag(current, key.tag) === undefined;
    return changeTag(parts, { key, current, tag: choose(current) });
  };
  const after = dryRun ? (await prepare()).after : await commitChange(parts.streams, prepare);
  // A stream that is written is there afterwards.
  if (after === undefined) throw new StatusError(notFound(imageStreamTagNamed(key.name)));
  return { object: viewTag(after, key.tag), isNew };
}

async function changeTag(
  parts: TagWriteParts,
  wish: {
    readonly key: StreamTagKey;
    readonly current: ImageStream | undefined;
    readonly tag: TagReference;
  },
): Promise<StreamChange> {
  const { key, current, tag } = wish;
  const upsert = { key: key.stream, tag };
  const input = withTag(current, upsert);
  const sources = await readSources(parts.streams, { current, input });
  const uid = current?.metadata.uid;
  const checks = uid === undefined ? new Map() : await parts.checks.readChecks(uid);
  const { settings, registries } = parts;
  const rules = { settings, registries };
  const context = { now: parts.now(), uid: parts.createUid(), ...rules, checks, sources };
  return allowedChange(key.stream, upsertTag(current, upsert, context));
}

function specTag(stream: ImageStream | undefined, tag: string): TagReference | undefined {
  return stream?.spec.tags?.find(({ name }) => name === tag);
}

function expectVersion({ metadata }: TagWrite, current: ImageStream | undefined, name: string) {
  if (current !== undefined) return checkExpectations(current, metadata);
  if ((metadata.resourceVersion ?? '') === '' && (metadata.uid ?? '') === '') return;
  throw new StatusError(notFound(imageStreamTagNamed(name)));
}

function refuseOtherName({ metadata: { name } }: TagWrite, wanted: string): void {
  if (name === wanted) return;
  const message =
    name === ''
      ? 'name must be provided'
      : `the name of the object (${name}) does not match the name on the URL (${wanted})`;
  throw new StatusError(badRequest(message));
}
