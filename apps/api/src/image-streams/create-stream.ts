import { alreadyExists, badRequest } from '@tagtrail/apimachinery';
import {
  createImageStream,
  type ImageStream,
  type ImageStreamStore,
  type RegistryPolicy,
  type ScheduleSettings,
} from '@tagtrail/image-stream';
import { StatusError } from '../status-error.ts';
import { commitChange } from './commit-change.ts';
import { allowedChange, decodeWrite } from './decode-write.ts';
import { imageStreamNamed } from './image-stream-resource.ts';
import { readSources } from './read-sources.ts';
import { refuseImpossibleNamespace } from './refuse-impossible-namespace.ts';

export interface CreateParts {
  readonly streams: Pick<ImageStreamStore, 'read' | 'commit'>;
  readonly settings: ScheduleSettings;
  readonly registries: RegistryPolicy;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly createUid: () => string;
}

export interface CreateRequest {
  readonly namespace: string;
  readonly body: unknown;
  readonly dryRun: boolean;
}

/** Creates a stream. Answers it as stored, or as it would be under `dryRun`. Throws StatusError. */
export async function createStream(
  parts: CreateParts,
  request: CreateRequest,
): Promise<ImageStream | undefined> {
  const { namespace, body, dryRun } = request;
  refuseImpossibleNamespace(namespace);
  const input = decodeWrite(body, namespace);
  if ((input.metadata.resourceVersion ?? '') !== '') {
    const message = 'resourceVersion should not be set on objects to be created';
    throw new StatusError(badRequest(message));
  }
  const key = { namespace, name: input.metadata.name };
  const uid = parts.createUid();
  const prepare = async () => {
    const sources = await readSources(parts.streams, { current: undefined, input });
    const { settings, registries } = parts;
    const context = { now: parts.now(), uid, settings, registries, sources };
    const change = allowedChange(key, createImageStream(input, context));
    if ((await parts.streams.read(key)) === undefined) return change;
    throw new StatusError(alreadyExists(imageStreamNamed(key.name)));
  };
  return dryRun ? (await prepare()).after : commitChange(parts.streams, prepare);
}
