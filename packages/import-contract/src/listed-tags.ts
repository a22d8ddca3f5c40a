import { isTagName } from '@tagtrail/image-reference';
import { TAG_LIMIT } from './payload-fields.ts';
import type { PayloadReader } from './payload-reader.ts';

/**
 * Tags of one listed repository. A list is whole or it is a failure, so this must be more than people have; and it is
 * kept in one piece at every stop of its way, so at most some six megabytes.
 */
export const LISTED_TAGS_LIMIT = 50_000;

/** UTF-16 units of so many names as JSON: each at its limit, in quotes and with a comma. Tag names are ASCII. */
export const LISTED_TAGS_LENGTH = LISTED_TAGS_LIMIT * (TAG_LIMIT + 3);

/** What keeps a list from being sent, or undefined. Names nothing of it: it is a registry's text. */
export function listProblem(tags: readonly string[]): string | undefined {
  if (tags.length > LISTED_TAGS_LIMIT) {
    return `the repository has ${tags.length} tags, and at most ${LISTED_TAGS_LIMIT} are taken`;
  }
  return tags.every(isTagName) ? undefined : 'the registry listed a tag whose name no tag can have';
}

export function readListedTags(payload: PayloadReader): readonly string[] {
  return payload.texts('tags', LISTED_TAGS_LIMIT, { isValid: isTagName, wanted: 'tag names' });
}
