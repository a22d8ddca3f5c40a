import { resolve } from 'node:path';
import { createSecretKeyFile, SecretCipherError } from '@tagtrail/secret-cipher';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';

const NEXT =
  'note: set secrets.keyFile (TAGTRAIL_SECRETS_KEY_FILE) of the API and of every worker to it, and keep a copy: without it no secret can be opened';

/** `create secret-key FILE`. Throws CliError `key-file`, also rather than replace a file. */
export async function createSecretKey(
  file: string,
  { output, environment }: CommandContext,
): Promise<number> {
  try {
    await createSecretKeyFile(resolve(environment.cwd, file));
  } catch (error) {
    if (!(error instanceof SecretCipherError)) throw error;
    throw new CliError('key-file', error.message, { cause: error });
  }
  output.line(`key file ${file} created`);
  output.note(NEXT);
  return 0;
}
