import type { Command } from 'commander';
import type { SecretFlags } from '../secrets/create-secret.ts';
import {
  addCommand,
  addConnectionOptions,
  type CommandLine,
  outputOption,
} from './command-line.ts';

/** Docker Hub, under the name that Docker keeps its credentials under. Source: kubectl. */
const DOCKER_HUB = 'https://index.docker.io/v1/';

/** `create secret docker-registry` and `create secret-key`, below `create`. */
export function addSecretCommands(line: CommandLine, create: Command): void {
  const below: CommandLine = { ...line, program: create };
  const secret = addCommand(below, 'secret', {
    summary: 'Create a secret with credentials',
    details:
      'They are for the imports of its namespace, and are tried before those of the operator.',
    examples: [
      'create secret docker-registry regcred --docker-server registry.example.com --docker-username robot',
    ],
  });
  addDockerRegistry({ ...line, program: secret.helpCommand(false) });
  addSecretKey(below);
}

function addDockerRegistry(line: CommandLine): void {
  const command = addCommand(line, 'docker-registry <name>', {
    summary: 'Create a secret with an account at a registry',
    details:
      'The password is asked for, or read from standard input. A file may hold the accounts of several registries.',
    examples: [
      'create secret docker-registry regcred --docker-server registry.example.com --docker-username robot',
      'create secret docker-registry regcred --docker-username robot --docker-password-stdin < password',
      'create secret docker-registry regcred --from-file .dockerconfigjson=config.json',
    ],
  });
  addConnectionOptions(
    command
      .option('--docker-server <host>', 'registry, or a part of one as host/path', DOCKER_HUB)
      .option('--docker-username <name>', 'account at the registry')
      .option('--docker-password-stdin', 'read the password from standard input')
      .option('--docker-password <text>', 'the password; others on this machine can see it')
      .option('--docker-email <address>', 'kept, and of no use to any registry')
      .option(
        '--from-file <file>',
        'Docker config.json with the accounts, as [.dockerconfigjson=]FILE',
      )
      .addOption(outputOption(['json', 'yaml', 'name'])),
  ).action(
    line.run(async (name: string, flags: SecretFlags) => {
      const { createSecret } = await import('../secrets/create-secret.ts');
      return createSecret(name, flags, line.context);
    }),
  );
}

function addSecretKey(line: CommandLine): void {
  addCommand(line, 'secret-key <file>', {
    summary: 'Make the key that secrets are sealed with',
    details:
      'A file that only its owner can read, for the setting secrets.keyFile. One that is there already is never replaced.',
    examples: ['create secret-key /etc/tagtrail/secret-key'],
  }).action(
    line.run(async (file: string) => {
      const { createSecretKey } = await import('../secrets/create-secret-key.ts');
      return createSecretKey(file, line.context);
    }),
  );
}
