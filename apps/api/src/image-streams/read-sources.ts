import { copiedStreams, type ImageStream, type ImageStreamStore } from '@tagtrail/image-stream';

/** Streams read at once: a write may name a hundred, and others want to be answered meanwhile. */
const READS_AT_ONCE = 10;

/** The other streams that tags of a write copy from, as they are now; those that do not exist are left out. */
export async function readSources(
  streams: Pick<ImageStreamStore, 'read'>,
  write: { readonly current: ImageStream | undefined; readonly input: ImageStream },
): Promise<readonly ImageStream[]> {
  const keys = copiedStreams(write.current, write.input);
  const found: (ImageStream | undefined)[] = [];
  for (let next = 0; next < keys.length; next += READS_AT_ONCE) {
    const some = keys.slice(next, next + READS_AT_ONCE);
    found.push(...(await Promise.all(some.map((key) => streams.read(key)))));
  }
  return found.filter((stream) => stream !== undefined);
}
