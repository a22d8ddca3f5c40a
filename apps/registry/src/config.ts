import {
  type Environment,
  readSettings,
  SettingsError,
  type SettingsProblem,
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
  const problems = halfCertificate(values.registry);
  if (problems.length > 0) throw new SettingsError(problems);
  return values;
}

/** A certificate is of no use without its key, and a key alone means that somebody expects TLS. */
function halfCertificate(registry: {
  readonly certificateFile?: string | undefined;
  readonly keyFile?: string | undefined;
}): readonly SettingsProblem[] {
  const { certificateFile, keyFile } = registry;
  if ((certificateFile === undefined) === (keyFile === undefined)) return [];
  return certificateFile === undefined
    ? [
        missing(
          'registry.certificateFile',
          'TAGTRAIL_REGISTRY_CERTIFICATE_FILE',
          'registry.keyFile',
        ),
      ]
    : [missing('registry.keyFile', 'TAGTRAIL_REGISTRY_KEY_FILE', 'registry.certificateFile')];
}

function missing(key: string, where: string, given: string): SettingsProblem {
  return { key, where, message: `is required when ${given} is set` };
}
