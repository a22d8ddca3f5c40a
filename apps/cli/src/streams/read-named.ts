import { ApiError } from '@tagtrail/api-client';
import { CliError } from '../cli-error.ts';

/** What was found of the objects that were named, and why others were not; both in the order of the names. */
export interface NamedResult<T> {
  readonly found: readonly T[];
  readonly refused: readonly (ApiError | CliError)[];
}

/** Reads all of them: one that is not there keeps no other from being shown. Throws ApiError where nobody answers. */
export async function readNamed<T>(
  names: readonly string[],
  read: (name: string) => Promise<T>,
): Promise<NamedResult<T>> {
  const results = await Promise.all(names.map((name) => attempt(() => read(name))));
  return {
    found: results.flatMap((result) => (result.ok ? [result.value] : [])),
    refused: results.flatMap((result) => (result.ok ? [] : [result.error])),
  };
}

type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ApiError | CliError };

async function attempt<T>(read: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await read() };
  } catch (error) {
    const isAnswer = error instanceof ApiError ? error.code !== 0 : error instanceof CliError;
    if (isAnswer) return { ok: false, error: error as ApiError | CliError };
    throw error;
  }
}
