import {
  type Credential,
  type CredentialLookup,
  NO_CREDENTIALS,
  RegistryError,
  type RepositoryTarget,
} from '@tagtrail/registry-client';
import type { Step } from './examination.ts';

/** What the operator's settings have for a registry. */
export interface OperatorAccess {
  /** In the order in which they are tried. */
  readonly credentials: readonly Credential[];
  /** Why a credential helper brought nothing. */
  readonly failure: RegistryError | undefined;
  /** The setting `registries.authFile`. */
  readonly authFile: string | undefined;
}

/**
 * Asks once, before anything is dialled: a helper that fails would end each request before it begins, and hide what the
 * way to the registry is like.
 */
export async function askOperator(
  lookup: CredentialLookup,
  { registry, repository }: RepositoryTarget,
  authFile: string | undefined,
): Promise<OperatorAccess> {
  try {
    return { credentials: await lookup(registry, repository), failure: undefined, authFile };
  } catch (failure) {
    if (!(failure instanceof RegistryError)) throw failure;
    return { credentials: NO_CREDENTIALS, failure, authFile };
  }
}

/** Only told where it failed: what there is, is told when the registry asks for it. */
export function operatorSteps({ failure }: OperatorAccess): readonly Step[] {
  if (failure === undefined) return [];
  // Its advice says what failed, too, as conditions show it.
  const { message, advice: seen = message } = failure;
  const remarks = [
    'a worker fails with that before it asks the registry; what is told here was seen without credentials',
  ];
  return [{ name: 'credentials', verdict: 'failed', seen, remarks }];
}
