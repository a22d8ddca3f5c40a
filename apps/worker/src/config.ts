import { type Environment, readSettings, tagtrailSettings } from '@tagtrail/config';

const schema = tagtrailSettings.pick({
  redis: true,
  log: true,
  health: true,
  import: true,
  registries: true,
  secrets: true,
});

export type WorkerConfig = ReturnType<typeof readConfig>;

/** The only reader of the environment. @throws SettingsError naming every key that is wrong */
export function readConfig(env: Environment = process.env) {
  return readSettings(schema, { env }).values;
}
