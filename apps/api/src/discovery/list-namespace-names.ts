import type { ImageStreamStore } from '@tagtrail/image-stream';

/** Streams asked of the store at once. */
const PAGE = 500;
/** Names listed at most; nobody reads more. */
const MAX_NAMES = 5_000;

/** The namespaces that hold streams, sorted. Reads every stream, so its answer is worth keeping for a while. */
export async function listNamespaceNames(
  streams: Pick<ImageStreamStore, 'list'>,
): Promise<readonly string[]> {
  const names = new Set<string>();
  let page = await streams.list({ limit: PAGE });
  for (;;) {
    for (const { metadata } of page.items) names.add(metadata.namespace ?? '');
    if (page.continue === undefined || names.size >= MAX_NAMES) return [...names].sort();
    page = await streams.list({ limit: PAGE, continue: page.continue });
  }
}
