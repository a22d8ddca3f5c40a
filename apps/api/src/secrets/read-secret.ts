import { conflict, notFound, OBJECT_MODIFIED } from '@tagtrail/apimachinery';
import {
  type PullSecretStore,
  type SecretKey,
  type StoredSecret,
  secretNamed,
} from '@tagtrail/pull-secrets';
import { StatusError } from '../status-error.ts';

/** Rounds of read and write before whoever gave no version is told that others were faster. */
export const WRITE_ATTEMPTS = 5;

/** The secret, still sealed. Throws StatusError NotFound when there is none. */
export async function readStored(
  secrets: Pick<PullSecretStore, 'read'>,
  key: SecretKey,
): Promise<StoredSecret> {
  const stored = await secrets.read(key);
  if (stored === undefined) throw new StatusError(notFound(secretNamed(key.name)));
  return stored;
}

/** Throws StatusError Conflict when it is not the secret, or not the version, that the client expects; empty = no matter. */
export function checkExpected(
  { name, uid, resourceVersion }: StoredSecret,
  expected: { readonly uid?: string | undefined; readonly resourceVersion?: string | undefined },
): void {
  if (differs(expected.uid, uid)) {
    const detail = `Precondition failed: UID in precondition: ${expected.uid}, UID in object meta: ${uid}`;
    throw new StatusError(conflict(secretNamed(name), detail));
  }
  if (differs(expected.resourceVersion, resourceVersion)) {
    throw new StatusError(conflict(secretNamed(name), OBJECT_MODIFIED));
  }
}

function differs(expected: string | undefined, actual: string): boolean {
  return expected !== undefined && expected !== '' && expected !== actual;
}
