import {
  type CommitResult,
  type ImageDocument,
  type ImageStream,
  recordImport,
  type TagOutcome,
} from '@tagtrail/image-stream';
import { digest, type openStoreForTest, SETTINGS, T0 } from './open-store-for-test.ts';

type Store = Pick<Awaited<ReturnType<typeof openStoreForTest>>, 'streams' | 'checks' | 'images'>;

/** A document as small as can be; `parts` make it an index. */
export function documentOf(image: string, parts?: readonly string[]): ImageDocument {
  return {
    digest: image,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    dockerImageReference: `quay.io/acme/app@${image}`,
    manifest: '{}',
    ...(parts === undefined ? { config: '{"architecture":"amd64"}' } : { parts }),
  };
}

/** A look that found `digit`'s image under a tag. */
export function found(digit: string, fence: number, fields: Partial<TagOutcome> = {}): TagOutcome {
  const image = digest(digit);
  const dockerImageReference = `quay.io/acme/app@${image}`;
  return {
    tag: 'latest',
    generation: 1,
    fence,
    from: 'quay.io/acme/app',
    outcome: { kind: 'imported', upstreamDigest: image, image, dockerImageReference },
    ...fields,
  };
}

/** Records looks as a status writer does, without its tries; documents must be there. */
export async function recordLooks(
  { streams, checks }: Store,
  key: { readonly namespace: string; readonly name: string },
  looks: readonly TagOutcome[],
): Promise<CommitResult> {
  const before = await streams.read(key);
  if (before === undefined) throw new Error(`no stream ${key.name}`);
  const known = await checks.readChecks(before.metadata.uid ?? '');
  const current = looks.map((one) => ({
    ...one,
    generation: known.get(one.tag)?.generation ?? one.generation,
  }));
  const context = { checks: known, now: T0, settings: SETTINGS, historyLimit: 50 };
  const recorded = recordImport(before, current, context);
  return streams.commit({
    key,
    before,
    after: recorded.stream,
    recordUnchanged: !recorded.changed,
    checks: recorded.checks,
    expectedChecks: new Map(recorded.checks.map(({ tag }) => [tag, known.get(tag)])),
    history: recorded.history,
    receipts: [],
  });
}

/** The stream that a commit left. */
export function committed(result: CommitResult): ImageStream {
  if (result.kind !== 'committed' || result.stream === undefined) throw new Error(result.kind);
  return result.stream;
}
