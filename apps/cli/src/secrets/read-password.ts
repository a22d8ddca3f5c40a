import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import { askHidden } from './ask-hidden.ts';

/** Characters of a password; tokens that clouds give in its place have some thousands. */
const PASSWORD_LIMIT = 64 * 1024;
const SEEN_BY_OTHERS =
  'note: others on this machine can see a password that stands on the command line; --docker-password-stdin reads it instead';

export interface PasswordFlags {
  readonly dockerPassword?: string;
  readonly dockerPasswordStdin?: true;
}

/** The password: from standard input, typed at a terminal, or as it was given. Throws CliError `usage`. */
export async function readPassword(
  { dockerPassword, dockerPasswordStdin }: PasswordFlags,
  { output, environment }: CommandContext,
): Promise<string> {
  if (dockerPassword !== undefined && dockerPasswordStdin === true) {
    const message = 'give either --docker-password or --docker-password-stdin, not both';
    throw new CliError('usage', message);
  }
  if (dockerPassword !== undefined) {
    output.note(SEEN_BY_OTHERS);
    return checked(dockerPassword);
  }
  if (dockerPasswordStdin === true) return checked(await readLine(environment.openStdin()));
  const terminal = environment.openTerminal();
  if (terminal === undefined) {
    throw new CliError('usage', 'a password is needed: --docker-password-stdin reads it');
  }
  output.note('Password (it is not shown):');
  return checked((await askHidden(terminal)) ?? '');
}

function checked(password: string): string {
  if (password !== '') return password;
  throw new CliError('usage', 'the password is empty');
}

/** All of it but the newline that `echo` puts at its end. */
async function readLine(input: AsyncIterable<Uint8Array | string>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of input) {
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    if (text.length > PASSWORD_LIMIT) {
      throw new CliError('usage', `no password has more than ${PASSWORD_LIMIT} characters`);
    }
  }
  return text.replace(/\r?\n$/u, '');
}
