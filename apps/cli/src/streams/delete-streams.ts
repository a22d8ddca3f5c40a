import { ApiError } from '@tagtrail/api-client';
import type { Status } from '@tagtrail/apimachinery';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import type { ConnectionFlags } from '../connection/connection-settings.ts';
import { openSession, type Session } from '../connection/open-session.ts';
import { errorLines } from '../terminal/error-lines.ts';
import { formatStructured, type StructuredFormat } from '../terminal/structured-output.ts';
import { readFileNames } from './file-streams.ts';
import { parseObjects, RESOURCES } from './resource.ts';

export interface DeleteOptions {
  readonly kind: string | undefined;
  readonly names: readonly string[];
  readonly flags: ConnectionFlags & {
    readonly filename?: readonly string[];
    readonly output?: 'name' | StructuredFormat;
    readonly ignoreNotFound?: true;
  };
}

const DELETED_KINDS = ['is', 'istag', 'secret', 'token'] as const;
type DeletedKind = (typeof DELETED_KINDS)[number];

interface Target {
  readonly kind: DeletedKind;
  readonly namespace: string;
  readonly name: string;
}

/** `delete KIND NAME…` or `delete -f FILE`: goes on after one that is refused; the exit code is 1 then. */
export async function deleteStreams(
  options: DeleteOptions,
  context: CommandContext,
): Promise<number> {
  const session = openSession(options.flags, context);
  const targets = await readTargets(options, session, context);
  let exitCode = 0;
  for (const target of targets) {
    const answer = await deleteTarget(session, target);
    if (!(answer instanceof ApiError)) {
      context.output.line(deletedLine(target, answer, options.flags.output));
    } else if (answer.code !== 404 || options.flags.ignoreNotFound !== true) {
      for (const line of errorLines(answer)) context.output.note(line);
      exitCode = 1;
    }
  }
  return exitCode;
}

async function readTargets(
  { kind, names, flags }: DeleteOptions,
  session: Session,
  { environment }: CommandContext,
): Promise<readonly Target[]> {
  if (flags.filename !== undefined) {
    if (kind !== undefined) throw new CliError('usage', 'give either -f or names, not both');
    const { manifests, problems } = await readFileNames(flags.filename, session, environment);
    if (problems.length > 0) throw new CliError('manifest', problems.join('\n'));
    return manifests.map(({ namespace, name }) => ({ kind: 'is', namespace, name }));
  }
  const wanted = kind === undefined ? undefined : parseObjects(kind, names);
  if (wanted === undefined || wanted.names.length === 0) {
    throw new CliError('usage', 'say what to delete: delete is NAME…, or delete -f FILE');
  }
  const wantedKind = DELETED_KINDS.find((one) => one === wanted.kind);
  if (wantedKind === undefined) {
    const message = 'only image streams, their tags, secrets and access tokens can be deleted';
    throw new CliError('usage', message);
  }
  const { namespace } = session;
  return wanted.names.map((name) => ({ kind: wantedKind, namespace, name }));
}

async function deleteTarget(
  { api }: Session,
  { kind, ...key }: Target,
): Promise<Status | ApiError> {
  try {
    if (kind === 'secret') return await api.secrets.delete(key);
    if (kind === 'token') return await api.accessTokens.revoke(key.name);
    return await (kind === 'is' ? api.streams.delete(key) : api.tags.delete(key));
  } catch (error) {
    if (error instanceof ApiError && error.code !== 0) return error;
    throw error;
  }
}

function deletedLine(
  { kind, name }: Target,
  answer: Status,
  format: DeleteOptions['flags']['output'],
): string {
  if (format === undefined) return `${RESOURCES[kind]} "${name}" deleted`;
  return format === 'name' ? `${RESOURCES[kind]}/${name}` : formatStructured(answer, format);
}
