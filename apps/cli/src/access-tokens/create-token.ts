import type { AccessToken, AccessTokenGrant } from '@tagtrail/api-client';
import { parseDuration } from '@tagtrail/config';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import type { ConnectionFlags } from '../connection/connection-settings.ts';
import { openSession } from '../connection/open-session.ts';
import type { Output } from '../terminal/output.ts';
import { formatStructured, type StructuredFormat } from '../terminal/structured-output.ts';
import { describeGrants, EVERYWHERE } from './describe-grants.ts';

export interface TokenFlags extends ConnectionFlags {
  readonly role: string;
  readonly everywhere?: true;
  readonly expires?: string;
  readonly output?: StructuredFormat;
}

/** `create token NAME`: its text is the only line on stdout, so that it can be put where it is needed. */
export async function createToken(
  name: string,
  flags: TokenFlags,
  context: CommandContext,
): Promise<number> {
  if (flags.everywhere === true && flags.namespace !== undefined) {
    throw new CliError('usage', 'give either --namespace or --everywhere, not both');
  }
  const expirationSeconds = secondsOf(flags.expires);
  const session = openSession(flags, context);
  const namespace = flags.everywhere === true ? EVERYWHERE : session.namespace;
  const grants: readonly AccessTokenGrant[] = [{ role: flags.role, namespace }];
  const created = await session.api.accessTokens.create({
    name,
    grants,
    ...(expirationSeconds !== undefined && { expirationSeconds }),
  });
  if (flags.output !== undefined) context.output.line(formatStructured(created, flags.output));
  else tellToken(created, context.output);
  return 0;
}

function secondsOf(expires: string | undefined): number | undefined {
  if (expires === undefined) return undefined;
  const parsed = parseDuration(expires);
  if (parsed.ok && parsed.ms % 1_000 === 0 && !/^\d+$/u.test(expires)) return parsed.ms / 1_000;
  throw new CliError('usage', `--expires must be a span such as 30d or 12h, not "${expires}"`);
}

function tellToken({ metadata, spec, status }: AccessToken, output: Output): void {
  const end = status.expirationTimestamp;
  const life = end === undefined ? 'it never expires' : `it expires at ${end}`;
  output.note(`access token "${metadata.name}" created: ${describeGrants(spec.grants)}; ${life}`);
  output.note('This is its text. It is shown only now; keep it like a password:');
  output.line(status.token ?? '');
  output.note('Use it with --token, in a kubeconfig, or with the registry, which reads it here:');
  output.note('  docker login -u tagtrail --password-stdin HOST');
}
