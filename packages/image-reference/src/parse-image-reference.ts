import { type Digest, isDigest } from './digest.ts';
import type { ImageReference } from './image-reference.ts';
import { isRegistryHost } from './registry-host.ts';
import { matchesRepositoryGrammar, REPOSITORY_NAME_LIMIT } from './repository-name.ts';
import { isTagName } from './tag-name.ts';

export type ParsedImageReference =
  | { readonly ok: true; readonly reference: ImageReference }
  | { readonly ok: false; readonly message: string };

/** Longest text looked at: host, path, tag and a sha512 digest at their limits need under 800 characters. */
const REFERENCE_LIMIT = 1024;

const INVALID_FORMAT = 'invalid reference format';
/** Docker keeps such names free, because commands take image ids in the same place. */
const IMAGE_ID = /^[0-9a-f]{64}$/;

interface CutReference {
  readonly name: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/**
 * Parses `[registry/]repository[:tag][@digest]`; whether the first component is a registry is
 * decided as docker decides it. Failure messages are those of distribution/reference, which
 * OpenShift passes on. Work is linear in the text, and the text is capped at 1 KiB.
 */
export function parseImageReference(text: string): ParsedImageReference {
  const textProblem = findTextProblem(text);
  if (textProblem !== undefined) return failure(textProblem);
  const { name, tag, digest } = cutReference(text);
  const { registry, repository } = splitRegistry(name);
  const problem = registryProblem(registry) ?? repositoryProblem(repository) ?? tagProblem(tag);
  if (problem !== undefined) return failure(problem);
  if (!isOptionalDigest(digest)) return failure(INVALID_FORMAT);
  return {
    ok: true,
    reference: {
      ...(registry !== undefined && { registry }),
      repository,
      ...(tag !== undefined && { tag }),
      ...(digest !== undefined && { digest }),
    },
  };
}

/** What can be said before the text is taken apart. */
function findTextProblem(text: string): string | undefined {
  if (text === '') return 'repository name must have at least one component';
  if (text.length > REFERENCE_LIMIT) return INVALID_FORMAT;
  return IMAGE_ID.test(text)
    ? `invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`
    : undefined;
}

/** `@` occurs before digests only; a colon after the last slash can't be a port. */
function cutReference(text: string): CutReference {
  const at = text.indexOf('@');
  const named = at < 0 ? text : text.slice(0, at);
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const colon = named.lastIndexOf(':');
  if (colon <= named.lastIndexOf('/')) return { name: named, tag: undefined, digest };
  return { name: named.slice(0, colon), tag: named.slice(colon + 1), digest };
}

function splitRegistry(name: string): { registry: string | undefined; repository: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  if (!looksLikeRegistry(first)) return { registry: undefined, repository: name };
  return { registry: first, repository: name.slice(slash + 1) };
}

/** An upper-case letter marks a registry too: no repository component may hold one. */
function looksLikeRegistry(component: string): boolean {
  return component === 'localhost' || /[.:A-Z]/.test(component);
}

function registryProblem(registry: string | undefined): string | undefined {
  return registry === undefined || isRegistryHost(registry) ? undefined : INVALID_FORMAT;
}

function repositoryProblem(repository: string): string | undefined {
  if (!matchesRepositoryGrammar(repository)) {
    return matchesRepositoryGrammar(repository.toLowerCase())
      ? 'repository name must be lowercase'
      : INVALID_FORMAT;
  }
  return repository.length > REPOSITORY_NAME_LIMIT
    ? `repository name must not be more than ${REPOSITORY_NAME_LIMIT} characters`
    : undefined;
}

function tagProblem(tag: string | undefined): string | undefined {
  return tag === undefined || isTagName(tag) ? undefined : INVALID_FORMAT;
}

function isOptionalDigest(digest: string | undefined): digest is Digest | undefined {
  return digest === undefined || isDigest(digest);
}

function failure(message: string): ParsedImageReference {
  return { ok: false, message };
}
