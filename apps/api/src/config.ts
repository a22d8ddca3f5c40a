import { type Environment, readSettings, SettingsError, tagtrailSettings } from '@tagtrail/config';

const schema = tagtrailSettings.pick({ redis: true, log: true, schedule: true, api: true });

/** What the API needs to know, frozen. */
export type ApiConfig = ReturnType<typeof readSettings<typeof schema>>['values'] & {
  readonly api: { readonly token: string };
};

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
  const { token } = values.api;
  if (token !== undefined) return { ...values, api: { ...values.api, token } };
  const message = 'is required: the API does not start without a token to ask for';
  throw new SettingsError([{ key: 'api.token', where: 'TAGTRAIL_API_TOKEN', message }]);
}
