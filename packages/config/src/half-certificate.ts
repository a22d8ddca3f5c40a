import type { SettingsProblem } from './settings-error.ts';

/**
 * What is wrong with a section that has a certificate without its key, or a key alone: the first is of no use, and the
 * second means that somebody expects TLS.
 */
export function halfCertificate(
  section: string,
  settings: {
    readonly certificateFile?: string | undefined;
    readonly keyFile?: string | undefined;
  },
): readonly SettingsProblem[] {
  const { certificateFile, keyFile } = settings;
  if ((certificateFile === undefined) === (keyFile === undefined)) return [];
  const [missing, suffix, given] =
    certificateFile === undefined
      ? ['certificateFile', 'CERTIFICATE_FILE', 'keyFile']
      : ['keyFile', 'KEY_FILE', 'certificateFile'];
  return [
    {
      key: `${section}.${missing}`,
      where: `TAGTRAIL_${section.toUpperCase()}_${suffix}`,
      message: `is required when ${section}.${given} is set`,
    },
  ];
}
