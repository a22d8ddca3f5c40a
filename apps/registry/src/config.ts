import {
  type Environment,
  halfCertificate,
  readSettings,
  SettingsError,
  tagtrailSettings,
} from '@tagtrail/config';

const schema = tagtrailSettings.pick({
  redis: true,
  log: true,
  health: true,
  registries: true,
  secrets: true,
  registry: true,
  api: true,
});

export type RegistryConfig = ReturnType<typeof readConfig>;

/** The only reader of the environment. @throws SettingsError naming every key that is wrong */
export function readConfig(env: Environment = process.env) {
  const { values } = readSettings(schema, { env });
  const problems = halfCertificate('registry', values.registry);
  if (problems.length > 0) throw new SettingsError(problems);
  return values;
}
