import { readSettings, SettingsError, tagtrailSettings } from '@tagtrail/config';
import { createSecretKeyFile, SecretCipherError } from '@tagtrail/secret-cipher';
import { CliError } from '../cli-error.ts';
import type { Variables } from '../config.ts';
import type { StateFolder } from './state-folder.ts';

const secrets = tagtrailSettings.pick({ secrets: true });

/**
 * The file with the key that secrets are sealed with, made at the first start; undefined where the user has set one.
 * Throws CliError `data-folder` when it cannot be written.
 */
export async function openSecretKey(
  folder: StateFolder,
  variables: Variables,
): Promise<string | undefined> {
  if (isDecided(variables)) return undefined;
  try {
    await createSecretKeyFile(folder.secretKeyFile);
  } catch (error) {
    if (!(error instanceof SecretCipherError)) throw error;
    const isThere = error.code === 'key-file-exists';
    if (!isThere) throw new CliError('data-folder', error.message, { cause: error });
  }
  return folder.secretKeyFile;
}

function isDecided(variables: Variables): boolean {
  try {
    return readSettings(secrets, { env: variables }).values.secrets.keyFile !== undefined;
  } catch (error) {
    // The children say what is wrong, each with its own words.
    if (error instanceof SettingsError) return true;
    throw error;
  }
}
