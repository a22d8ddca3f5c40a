/** Longest repository path. Source: distribution/reference; the registry's host is not counted. */
export const REPOSITORY_NAME_LIMIT = 255;

/**
 * Slash-separated components of lower-case alphanumerics joined by `.`, `_`, `__` or hyphens.
 * Source: OCI distribution-spec, "Pulling manifests". Separators and alphanumerics never overlap,
 * so matching stays linear.
 */
const REPOSITORY_NAME =
  /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*$/;

/** Whether `text` is a repository path, such as `library/redis`, safe to put into a request path. */
export function isRepositoryName(text: string): boolean {
  return text.length <= REPOSITORY_NAME_LIMIT && matchesRepositoryGrammar(text);
}

/** The grammar without the length limit; for callers that name the two mistakes apart. */
export function matchesRepositoryGrammar(text: string): boolean {
  return REPOSITORY_NAME.test(text);
}
