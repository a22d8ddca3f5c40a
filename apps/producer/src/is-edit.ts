import type { ImageStream, StreamEvent } from '@tagtrail/image-stream';

/** Whether somebody wants something else than before. What an import recorded makes nothing due before the next tick. */
export function isEdit({ before, after }: Pick<StreamEvent, 'before' | 'after'>): boolean {
  if (before === undefined || after === undefined) return true;
  return intent(before) !== intent(after);
}

function intent({ metadata, spec }: ImageStream): string {
  return JSON.stringify([metadata.annotations, spec]);
}
