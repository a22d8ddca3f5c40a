import { badRequest, invalid } from '@tagtrail/apimachinery';
import {
  type CheckStore,
  type ImageStream,
  type ImageStreamStore,
  type RegistryPolicy,
  replaceImageStream,
  type ScheduleSettings,
  type StreamKey,
} from '@tagtrail/image-stream';
import { StatusError } from '../status-error.ts';
import { commitChange } from './commit-change.ts';
import { allowedChange, decodeWrite } from './decode-write.ts';
import { checkExpectations } from './expectations.ts';
import { imageStreamNamed } from './image-stream-resource.ts';
import { readSources } from './read-sources.ts';
import { readStream } from './read-stream.ts';

export interface ReplaceParts {
  readonly streams: Pick<ImageStreamStore, 'read' | 'commit'>;
  readonly checks: Pick<CheckStore, 'readChecks'>;
  readonly settings: ScheduleSettings;
  readonly registries: RegistryPolicy;
  /** ms since the epoch. */
  readonly now: () => number;
}

export interface ReplaceRequest {
  readonly key: StreamKey;
  readonly body: unknown;
  readonly dryRun: boolean;
}

/**
 * Replaces a stream's spec, labels and annotations. The client must say which version it saw; a stream that is not
 * there is not created. Throws StatusError. Source: OpenShift (no unconditional update).
 */
export async function replaceStream(
  parts: ReplaceParts,
  { key, body, dryRun }: ReplaceRequest,
): Promise<ImageStream | undefined> {
  const input = decodeWrite(body, key.namespace);
  refuseOtherName(input.metadata.name, key.name);
  const prepare = async () => {
    const current = await readStream(parts.streams, key);
    requireVersion(input);
    checkExpectations(current, input.metadata);
    const checks = await parts.checks.readChecks(current.metadata.uid ?? '');
    const sources = await readSources(parts.streams, { current, input });
    const { settings, registries } = parts;
    const context = { now: parts.now(), uid: '', settings, registries, checks, sources };
    return allowedChange(key, replaceImageStream(current, input, context));
  };
  return dryRun ? (await prepare()).after : commitChange(parts.streams, prepare);
}

function refuseOtherName(given: string, wanted: string): void {
  if (given === wanted) return;
  const message =
    given === ''
      ? 'name must be provided'
      : `the name of the object (${given}) does not match the name on the URL (${wanted})`;
  throw new StatusError(badRequest(message));
}

function requireVersion({ metadata }: ImageStream): void {
  const given = metadata.resourceVersion ?? '';
  if (given !== '' && given !== '0') return;
  const cause = {
    reason: 'FieldValueInvalid',
    field: 'metadata.resourceVersion',
    message: 'must be specified for an update',
  } as const;
  throw new StatusError(invalid(imageStreamNamed(metadata.name), [cause]));
}
