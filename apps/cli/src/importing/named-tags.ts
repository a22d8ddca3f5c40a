/** Tags that are named; a registry's whole list would bury the advice. */
const NAMED_TAGS = 5;

/** `tag latest`, or `tags 1, 2, 3, 4, 5 and 2 more`. */
export function namedTags(tags: readonly string[]): string {
  const named = tags.slice(0, NAMED_TAGS).join(', ');
  const more = tags.length > NAMED_TAGS ? ` and ${tags.length - NAMED_TAGS} more` : '';
  return `${tags.length === 1 ? 'tag' : 'tags'} ${named}${more}`;
}
