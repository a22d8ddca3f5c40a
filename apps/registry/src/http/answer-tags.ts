import type { ImageStream } from '@tagtrail/image-stream';
import { digestIn } from '../images/image-contents.ts';
import { nameOf } from '../images/stream-images.ts';
import { type Exchange, sendJson } from './exchange.ts';
import { tagPage } from './tag-page.ts';

/** Answers with the tags that are at an image, in byte order. Source: distribution-spec, "Listing Tags". */
export function answerTags(exchange: Exchange, stream: ImageStream): void {
  const names = (stream.status.tags ?? [])
    .filter(({ items }) => digestIn(items?.[0]?.image) !== undefined)
    .map(({ tag }) => tag)
    .sort();
  const page = tagPage(names, exchange.path, exchange.query);
  const link = page.next === undefined ? {} : { link: `<${page.next}>; rel="next"` };
  sendJson(
    exchange,
    { name: nameOf(stream), tags: page.names },
    { 'cache-control': 'private, no-cache', ...link },
  );
}
