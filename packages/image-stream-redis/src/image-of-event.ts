import { unpackTagEvent } from './pack-tag-event.ts';
import { parseStored } from './parse-stored.ts';

/** The image of a stored event; empty when it has none, or cannot be read: then nothing can be kept or freed by it. */
export function imageOfEvent(text: string): string {
  try {
    return unpackTagEvent(parseStored(text, 'a tag event')).image;
  } catch {
    return '';
  }
}
