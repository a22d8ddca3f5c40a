import { type DescribedSetting, readSettings, tagtrailSettings } from '@tagtrail/config';
import type { CommandContext } from '../command-context.ts';
import { formatStructured, type StructuredFormat } from '../terminal/structured-output.ts';
import { tableLines } from '../terminal/table.ts';

export interface ShowSettingsOptions {
  readonly file: string | undefined;
  readonly format: StructuredFormat | undefined;
}

/** Every setting of every process. Without a Redis none of them would start; the settings are worth showing all the same. */
const SHOWN = tagtrailSettings.extend({ redis: tagtrailSettings.shape.redis.partial() });

/** Prints what the processes would run with; throws SettingsError when they would not run. */
export async function showSettings(
  { file, format }: ShowSettingsOptions,
  { output, environment }: CommandContext,
): Promise<number> {
  const env = environment.variables;
  const settings = readSettings(SHOWN, { env, ...(file !== undefined && { file }) }).describe();
  if (format !== undefined) {
    output.line(formatStructured(settings, format));
    return 0;
  }
  for (const line of tableLines<DescribedSetting>(COLUMNS, settings, output.columns)) {
    output.line(line);
  }
  return 0;
}

const COLUMNS = [
  { header: 'SETTING', cell: (one: DescribedSetting) => one.key },
  { header: 'VALUE', cell: (one: DescribedSetting) => one.value || '-' },
  { header: 'SOURCE', cell: (one: DescribedSetting) => one.source },
  { header: 'VARIABLE', cell: (one: DescribedSetting) => one.variable },
];
