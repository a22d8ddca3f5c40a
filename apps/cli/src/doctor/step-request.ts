import { RegistryError } from '@tagtrail/registry-client';

/** What came of asking the registry. */
export type Asked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: RegistryError };

/** Asks for `deadline` ms at most. Throws what is no failure of the registry, such as the signal's own reason. */
export async function ask<T>(
  request: (signal: AbortSignal) => Promise<T>,
  deadline: number,
  signal: AbortSignal,
): Promise<Asked<T>> {
  try {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(deadline)]);
    return { ok: true, value: await request(bounded) };
  } catch (error) {
    if (error instanceof RegistryError) return { ok: false, error };
    throw error;
  }
}
