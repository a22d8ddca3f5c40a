import {
  type Environment,
  halfCertificate,
  readSettings,
  SettingsError,
  type SettingsProblem,
  tagtrailSettings,
} from '@tagtrail/config';

const schema = tagtrailSettings.pick({
  redis: true,
  log: true,
  schedule: true,
  registries: true,
  secrets: true,
  api: true,
});

type Values = ReturnType<typeof readSettings<typeof schema>>['values'];

/** What the API needs to know, frozen. */
export type ApiConfig = Values & { readonly api: { readonly token: string } };

/** The environment of this process. */
export function processEnvironment(): Environment {
  return process.env;
}

/**
 * Reads the settings. Throws SettingsError naming everything that is wrong: a missing token too, because whoever can
 * reach the port could otherwise change what is pulled from where.
 */
export function readApiConfig(env: Environment): ApiConfig {
  const { values } = readSettings(schema, { env });
  const { token, ...others } = values.api;
  const problems = halfCertificate('api', others);
  if (token !== undefined && problems.length === 0) return { ...values, api: { ...others, token } };
  throw new SettingsError(token === undefined ? [MISSING_TOKEN, ...problems] : problems);
}

const MISSING_TOKEN: SettingsProblem = {
  key: 'api.token',
  where: 'TAGTRAIL_API_TOKEN',
  message: 'is required: the API does not start without a token to ask for',
};
