import { SimulatorError } from '../simulator-error.ts';

// The grammar of the OCI distribution-spec, "Pulling manifests", kept apart from image-reference's:
// what one of them lets slip must not be let slip by the other.
const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const REPOSITORY = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const REPOSITORY_LIMIT_CHARACTERS = 255;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

export function isRepositoryName(text: string): boolean {
  return text.length <= REPOSITORY_LIMIT_CHARACTERS && REPOSITORY.test(text);
}

export function isTag(text: string): boolean {
  return TAG.test(text);
}

export function isWireDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** Throws SimulatorError `InvalidName` when a registry would not take the repository or the tag. */
export function checkNames(repository: string, tag: string): void {
  if (!isRepositoryName(repository)) {
    throw new SimulatorError('InvalidName', `repository ${repository}: not a repository name`);
  }
  if (!isTag(tag)) throw new SimulatorError('InvalidName', `tag ${tag}: not a tag name`);
}
