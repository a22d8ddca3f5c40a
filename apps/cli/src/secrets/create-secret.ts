import { encodeBase64, PULL_SECRET_KEYS, type PullSecret } from '@tagtrail/pull-secrets';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import type { ConnectionFlags } from '../connection/connection-settings.ts';
import { openSession } from '../connection/open-session.ts';
import { RESOURCES } from '../streams/resource.ts';
import { tellWritten, type WriteFormat } from '../terminal/written-objects.ts';
import { dockerConfig } from './docker-config.ts';
import { readAuthFile } from './read-auth-file.ts';
import { type PasswordFlags, readPassword } from './read-password.ts';

const TYPE = 'kubernetes.io/dockerconfigjson';

export interface SecretFlags extends ConnectionFlags, PasswordFlags {
  readonly dockerServer: string;
  readonly dockerUsername?: string;
  readonly dockerEmail?: string;
  readonly fromFile?: string;
  readonly output?: WriteFormat;
}

/** `create secret docker-registry NAME`: what exists already is an error. */
export async function createSecret(
  name: string,
  flags: SecretFlags,
  context: CommandContext,
): Promise<number> {
  const session = openSession(flags, context);
  const text = await readConfig(flags, context);
  const secret: PullSecret = {
    kind: 'Secret',
    apiVersion: 'v1',
    metadata: { name, namespace: session.namespace },
    type: TYPE,
    data: { [PULL_SECRET_KEYS[TYPE]]: encodeBase64(text) },
  };
  const created = await session.api.secrets.create(secret);
  const written = tellWritten(context.output, flags.output);
  const shown = `${RESOURCES.secret}/${created.metadata.name}`;
  written.add({ line: `${shown} created`, name: shown, object: created });
  written.end();
  return 0;
}

async function readConfig(flags: SecretFlags, context: CommandContext): Promise<string> {
  const { fromFile, dockerServer: server, dockerUsername: username, dockerEmail: email } = flags;
  if (fromFile !== undefined) {
    if (username !== undefined) {
      throw new CliError('usage', 'give either --from-file or --docker-username, not both');
    }
    return readAuthFile(fromFile, context.environment.cwd);
  }
  if (username === undefined) {
    const message = 'say which account: --docker-username NAME, or --from-file PATH';
    throw new CliError('usage', message);
  }
  const password = await readPassword(flags, context);
  return dockerConfig({ server, username, password, email });
}
