import {
  alreadyExists,
  badRequest,
  conflict,
  forbidden,
  OBJECT_MODIFIED,
} from '@tagtrail/apimachinery';
import {
  createPullSecret,
  MAX_NAMESPACE_BYTES,
  MAX_SECRETS_PER_NAMESPACE,
  type PullSecret,
  replacePullSecret,
  type SecretKey,
  type SecretWriteResult,
  secretNamed,
} from '@tagtrail/pull-secrets';
import { refuseImpossibleNamespace } from '../image-streams/refuse-impossible-namespace.ts';
import { StatusError } from '../status-error.ts';
import { allowedSecret, decodeSecret } from './decode-secret.ts';
import { checkExpected, readStored, WRITE_ATTEMPTS } from './read-secret.ts';
import type { SecretParts } from './secret-parts.ts';

export interface SecretWriteRequest {
  readonly namespace: string;
  readonly body: unknown;
  readonly dryRun: boolean;
}

/** Creates a secret. Answers it as stored, or as it would be under `dryRun`. Throws StatusError. */
export async function createSecret(
  { secrets, now, createUid }: SecretParts,
  { namespace, body, dryRun }: SecretWriteRequest,
): Promise<PullSecret> {
  refuseImpossibleNamespace(namespace);
  const draft = decodeSecret(body, namespace);
  const { name, resourceVersion = '' } = draft.metadata;
  if (resourceVersion !== '') {
    const message = 'resourceVersion should not be set on objects to be created';
    throw new StatusError(badRequest(message));
  }
  const context = { namespace, uid: createUid(), now: now() };
  const secret = allowedSecret(name, createPullSecret(draft, context));
  const isTaken = dryRun && (await secrets.read({ namespace, name })) !== undefined;
  const result: SecretWriteResult = dryRun
    ? { kind: isTaken ? 'conflict' : 'written', secret }
    : await secrets.create(secret);
  if (result.kind === 'conflict') throw new StatusError(alreadyExists(secretNamed(name)));
  return written(secret, result);
}

/**
 * Replaces a secret; one that is not there is not created. Without a version the newest one is replaced, whatever it is.
 * Throws StatusError. Source: Kubernetes, where secrets may be updated unconditionally.
 */
export async function replaceSecret(
  { secrets }: Pick<SecretParts, 'secrets'>,
  { key, body, dryRun }: Omit<SecretWriteRequest, 'namespace'> & { readonly key: SecretKey },
): Promise<PullSecret> {
  const draft = decodeSecret(body, key.namespace);
  refuseOtherName(draft.metadata.name, key.name);
  for (let attempt = 1; attempt <= WRITE_ATTEMPTS; attempt += 1) {
    const stored = await readStored(secrets, key);
    checkExpected(stored, draft.metadata);
    const secret = allowedSecret(key.name, replacePullSecret(stored.open(), draft));
    if (dryRun) return secret;
    const result = await secrets.replace(secret, stored.resourceVersion);
    if (result.kind !== 'conflict') return written(secret, result);
  }
  throw new StatusError(conflict(secretNamed(key.name), OBJECT_MODIFIED));
}

function written(
  { metadata }: PullSecret,
  result: Exclude<SecretWriteResult, { readonly kind: 'conflict' }>,
): PullSecret {
  if (result.kind === 'written') return result.secret;
  const message = `secrets "${metadata.name}" is forbidden: exceeded quota: namespace ${metadata.namespace} may hold ${MAX_SECRETS_PER_NAMESPACE} secrets, ${MAX_NAMESPACE_BYTES} bytes together`;
  throw new StatusError(forbidden(message));
}

function refuseOtherName(given: string, wanted: string): void {
  if (given === wanted) return;
  const message =
    given === ''
      ? 'name must be provided'
      : `the name of the object (${given}) does not match the name on the URL (${wanted})`;
  throw new StatusError(badRequest(message));
}
