import {
  type ImageStream,
  PREFER_ARCH_ANNOTATION,
  PREFER_OS_ANNOTATION,
  type TagReference,
} from './image-stream.ts';
import { isInsecure } from './resolve-cadence.ts';

/** Everything of a definition that changes what an import asks or stores, as one comparable text. */
export function importNeeds(stream: ImageStream, tag: TagReference): string {
  return JSON.stringify([
    tag.from?.name,
    isInsecure(stream, tag),
    tag.importPolicy.importMode ?? 'Legacy',
    tag.annotations?.[PREFER_ARCH_ANNOTATION] ?? '',
    tag.annotations?.[PREFER_OS_ANNOTATION] ?? '',
  ]);
}
