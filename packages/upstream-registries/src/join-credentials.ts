import type { Credential, CredentialLookup } from '@tagtrail/registry-client';

/**
 * What one lookup finds, then what the next one finds. At once where none of them has to ask. One that fails is a failure
 * only where the other finds nothing: credentials that fit must not wait for a program that is broken.
 */
export function joinCredentials(
  first: CredentialLookup,
  second: CredentialLookup,
): CredentialLookup {
  return (registry, repository) => {
    const [best, others] = [first(registry, repository), second(registry, repository)];
    if (best instanceof Promise || others instanceof Promise) return joinAsked(best, others);
    return best.length === 0 ? others : best.concat(others);
  };
}

async function joinAsked(
  ...asked: readonly ReturnType<CredentialLookup>[]
): Promise<readonly Credential[]> {
  const ended = await Promise.allSettled(asked);
  const found = ended.flatMap((end) => (end.status === 'fulfilled' ? end.value : []));
  const failed = ended.find((end) => end.status === 'rejected');
  if (found.length === 0 && failed !== undefined) throw failed.reason;
  return found;
}
