import type { ImageStreamRedis } from '@tagtrail/image-stream-redis';

/** Streams of a page: what clients such as oc ask for. */
const PAGE = 500;

export interface ListedPages {
  readonly streams: number;
  /** s for all pages. */
  readonly took: number;
  /** ms of each page, sorted. */
  readonly pages: readonly number[];
}

/** Lists every stream, page after page. */
export async function listAll({ streams }: ImageStreamRedis): Promise<ListedPages> {
  const pages: number[] = [];
  const start = performance.now();
  let [found, next]: [number, string | undefined] = [0, ''];
  while (next !== undefined) {
    const began = performance.now();
    const page = await streams.list({ limit: PAGE, ...(next === '' ? {} : { continue: next }) });
    pages.push(performance.now() - began);
    found += page.items.length;
    next = page.continue;
  }
  const took = (performance.now() - start) / 1_000;
  return { streams: found, took, pages: pages.toSorted((a, b) => a - b) };
}
