import { type Command, Option } from 'commander';
import type { TokenFlags } from '../access-tokens/create-token.ts';
import {
  addCommand,
  addConnectionOptions,
  type CommandLine,
  outputOption,
} from './command-line.ts';

/** `create token`, below `create`. */
export function addTokenCommand(line: CommandLine, create: Command): void {
  const command = addCommand({ ...line, program: create }, 'token <name>', {
    summary: 'Create an access token for a person or a program',
    details:
      'It has one role: view reads, edit writes too, admin also makes access tokens; in the namespace, or everywhere. Its text is printed once and stored nowhere. "tagtrail get tokens" lists tokens, "tagtrail delete token NAME" revokes one.',
    examples: [
      'create token ci --role view --namespace demo --expires 30d',
      'create token backup --role view --everywhere',
      'tagtrail create token ci --role view -n demo | docker login -u tagtrail --password-stdin registry.example.com',
    ],
  });
  addConnectionOptions(
    command
      .addOption(
        new Option('--role <role>', 'what it allows')
          .choices(['view', 'edit', 'admin'])
          .makeOptionMandatory(),
      )
      .option('--everywhere', 'in all namespaces, and for what belongs to none')
      .option('--expires <span>', 'from now on, e.g. 12h or 30d; without it, never')
      .addOption(outputOption(['json', 'yaml'])),
  ).action(
    line.run(async (name: string, flags: TokenFlags) => {
      const { createToken } = await import('../access-tokens/create-token.ts');
      return createToken(name, flags, line.context);
    }),
  );
}
