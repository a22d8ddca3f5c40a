import { StoreError, type TagEvent } from '@tagtrail/image-stream';

/** A stored event: `created`, pull spec, image, generation; 1 behind them says that the pull spec goes on with `@image`. */
export type PackedTagEvent =
  | readonly [string, string, string, number]
  | readonly [string, string, string, number, 1];

/** Packs an event into a list: less than 60 % of the object's bytes, and every event is stored twice. */
export function packTagEvent(event: TagEvent): PackedTagEvent {
  const { created, dockerImageReference, image, generation } = event;
  const ending = `@${image}`;
  if (image === '' || !dockerImageReference.endsWith(ending)) {
    return [created, dockerImageReference, image, generation];
  }
  return [created, dockerImageReference.slice(0, -ending.length), image, generation, 1];
}

/** @throws StoreError `damaged` */
export function unpackTagEvent(packed: unknown): TagEvent {
  if (!isPacked(packed)) throw new StoreError('damaged', 'a stored tag event is not readable');
  const [created, reference, image, generation, pinned] = packed;
  const dockerImageReference = pinned === 1 ? `${reference}@${image}` : reference;
  return { created, dockerImageReference, image, generation };
}

function isPacked(value: unknown): value is PackedTagEvent {
  if (!Array.isArray(value)) return false;
  const [created, reference, image, generation] = value;
  const texts = [created, reference, image].every((text) => typeof text === 'string');
  return texts && Number.isSafeInteger(generation);
}
