import { addCommand, type CommandLine, outputOption } from './command-line.ts';

type Format = 'json' | 'yaml';

export function addSettingsCommands(line: CommandLine): void {
  addCommand(line, 'config', {
    summary: 'Show the settings in force',
    details:
      'All settings of all processes, where each value comes from, and the variable that sets it. Secrets are masked.',
    examples: ['config', 'config --config tagtrail.yaml -o json'],
  })
    .option('--config <file>', 'settings file, in place of TAGTRAIL_CONFIG')
    .addOption(outputOption(['json', 'yaml']))
    .action(
      line.run(async ({ config, output }: { config?: string; output?: Format }) => {
        const { showSettings } = await import('../settings/show-settings.ts');
        return showSettings({ file: config, format: output }, line.context);
      }),
    );
  addCommand(line, 'version', {
    summary: 'Show the version of this command',
    examples: ['version -o json'],
  })
    .addOption(outputOption(['json', 'yaml']))
    .action(
      line.run(async ({ output }: { output?: Format }) => {
        const { showVersion } = await import('../settings/show-version.ts');
        return showVersion(output, line.context);
      }),
    );
}
