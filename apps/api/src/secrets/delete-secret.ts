import { conflict, OBJECT_MODIFIED, type Status, successStatus } from '@tagtrail/apimachinery';
import { type PullSecretStore, type SecretKey, secretNamed } from '@tagtrail/pull-secrets';
import type { DeleteOptions } from '../image-streams/delete-options.ts';
import { StatusError } from '../status-error.ts';
import { checkExpected, readStored, WRITE_ATTEMPTS } from './read-secret.ts';

/** Deletes a secret; it need not be one that can be opened. Answers the Status Success with its uid. Throws StatusError. */
export async function deleteSecret(
  secrets: Pick<PullSecretStore, 'read' | 'delete'>,
  { key, preconditions, dryRun }: DeleteOptions & { readonly key: SecretKey },
): Promise<Status> {
  for (let attempt = 1; attempt <= WRITE_ATTEMPTS; attempt += 1) {
    const stored = await readStored(secrets, key);
    checkExpected(stored, preconditions);
    if (dryRun || (await secrets.delete(stored))) {
      return successStatus({ ...secretNamed(key.name), uid: stored.uid });
    }
  }
  throw new StatusError(conflict(secretNamed(key.name), OBJECT_MODIFIED));
}
