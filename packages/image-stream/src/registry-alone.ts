import { parseImageReference } from '@tagtrail/image-reference';

/** A port looks like a tag where no repository follows: `localhost:5000`. */
const PORT = /^\d{1,5}$/;

/**
 * The registry that a source names when it names nothing in it, such as `quay.io/`; undefined for other texts. The
 * grammar takes it for a repository of Docker Hub, which nobody means. Source: OpenShift reads a single name with a dot,
 * or `localhost`, as a registry.
 */
export function registryAlone(text: string): string | undefined {
  const parsed = parseImageReference(withoutSlashes(text));
  if (!parsed.ok || parsed.reference.registry !== undefined) return undefined;
  const { repository, tag = '' } = parsed.reference;
  const isHost = repository === 'localhost' || repository.includes('.');
  if (!isHost || repository.includes('/')) return undefined;
  return PORT.test(tag) ? `${repository}:${tag}` : repository;
}

/** Not a pattern: one for this takes quadratic time, and the text is a client's. */
function withoutSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}
