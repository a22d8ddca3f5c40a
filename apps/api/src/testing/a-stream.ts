import {
  IMAGE_API_VERSION,
  type ImageDocument,
  type ImageStream,
  type StreamKey,
  type TagEvent,
} from '@tagtrail/image-stream';
import type { ImageStreamRedis } from '@tagtrail/image-stream-redis';

const IMAGE_DOCUMENT = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  dockerImageReference: 'quay.io/acme/web',
  manifest: '{}',
};

export const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

/** A stream as a client sends it, with one importable tag per source. */
export function aStream(
  name: string,
  fields: {
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly sources?: Readonly<Record<string, string>>;
  } = {},
): ImageStream {
  const { namespace = 'shop', labels = {}, sources = {} } = fields;
  return {
    kind: 'ImageStream',
    apiVersion: IMAGE_API_VERSION,
    metadata: { name, namespace, labels },
    spec: {
      tags: Object.entries(sources).map(([tag, from]) => ({
        name: tag,
        from: { kind: 'DockerImage', name: from },
        importPolicy: { scheduled: true },
        referencePolicy: { type: 'Source' },
      })),
    },
    status: { dockerImageRepository: '' },
  };
}

export function anEvent(fields: Partial<TagEvent> = {}): TagEvent {
  return {
    created: '2026-01-01T10:00:00Z',
    dockerImageReference: `quay.io/acme/web@${digest('1')}`,
    image: digest('1'),
    generation: 1,
    ...fields,
  };
}

/** Moves a tag in the store, as the status writer would: a new head, a history entry, a checked state. */
export async function moveTag(
  { streams, checks, images }: ImageStreamRedis,
  key: StreamKey & { readonly tag: string },
  event: TagEvent,
  document: Partial<ImageDocument> = {},
): Promise<void> {
  const before = await streams.read(key);
  if (before === undefined) throw new Error(`no stream ${key.name}`);
  const states = await checks.readChecks(before.metadata.uid ?? '');
  const state = states.get(key.tag);
  await images.save([{ ...IMAGE_DOCUMENT, ...document, digest: event.image }]);
  const others = (before.status.tags ?? []).filter(({ tag }) => tag !== key.tag);
  const list = before.status.tags?.find(({ tag }) => tag === key.tag);
  const tags = [...others, { tag: key.tag, items: [event, ...(list?.items ?? [])] }];
  const result = await streams.commit({
    key,
    before,
    after: { ...before, status: { ...before.status, tags } },
    checks: state === undefined ? [] : [{ tag: key.tag, state: { ...state, outcome: 'imported' } }],
    history: [{ tag: key.tag, kind: 'append', event }],
    receipts: [],
  });
  if (result.kind !== 'committed') throw new Error(`the move was not committed: ${result.kind}`);
}
