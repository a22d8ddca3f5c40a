import { addCommand, type CommandLine, outputOption } from '../commands/command-line.ts';
import type { DoctorFlags } from './run-doctor.ts';

export function addDoctorCommand(line: CommandLine): void {
  addCommand(line, 'doctor <host[/repository[:tag]]>', {
    summary: 'Examine a registry as a worker would',
    details:
      "Name, connection, certificate, credentials, manifest and list of tags, step by step, and what Tagtrail does about what it finds. It runs here, with the settings of a worker, and asks no API. Exit code 0 when the tag can be followed, 3 when something is wrong with the registry, 1 when it could not be examined. A repository without a tag is asked for 'latest'.",
    examples: [
      'doctor quay.io/prometheus/prometheus:latest',
      'doctor registry.example.com --config tagtrail.yaml',
      'doctor localhost:5000/team/app:v1 --insecure -o json',
    ],
  })
    .option('--config <file>', 'settings file, in place of TAGTRAIL_CONFIG')
    .option('--insecure', 'as a tag with importPolicy.insecure: any certificate, or plain http')
    .addOption(outputOption(['json']))
    .action(
      line.run(async (text: string, flags: DoctorFlags) => {
        const { runDoctor } = await import('./run-doctor.ts');
        return runDoctor(text, flags, line.context);
      }),
    );
}
