import type { ArchiveCounts } from '@tagtrail/image-stream';

/** What an archive holds, in words. */
export function describeCounts(
  counts: Pick<ArchiveCounts, 'streams' | 'events' | 'images'>,
): string {
  const { streams, events, images } = counts;
  return `${count(streams, 'stream')}, ${count(events, 'event')} and ${count(images, 'image')}`;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
