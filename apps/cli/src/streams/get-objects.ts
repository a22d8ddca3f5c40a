import { findTokens } from '../access-tokens/find-tokens.ts';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import { openSession } from '../connection/open-session.ts';
import { findSecrets } from '../secrets/find-secrets.ts';
import { errorLines } from '../terminal/error-lines.ts';
import { formatStructured, listOf } from '../terminal/structured-output.ts';
import { findChecks } from './find-checks.ts';
import { findImages, findStreamImages, findStreamTags } from './find-images.ts';
import { findStreams } from './find-streams.ts';
import {
  type FoundObjects,
  type GetFlags,
  type GetRequest,
  nothingFound,
  roomFor,
} from './found-objects.ts';
import { requestProblem } from './request-problem.ts';
import { type ObjectKind, parseObjects, RESOURCES } from './resource.ts';

export interface GetOptions {
  readonly kind: string;
  readonly names: readonly string[];
  readonly flags: GetFlags;
}

const FINDERS: Readonly<Record<ObjectKind, (request: GetRequest) => Promise<FoundObjects>>> = {
  is: findStreams,
  istag: findStreamTags,
  isimage: findStreamImages,
  image: findImages,
  checks: findChecks,
  secret: findSecrets,
  token: findTokens,
};

/** `get KIND [NAME…]`. An empty list is no error; a name that is not there is one, after what is. */
export async function getObjects(options: GetOptions, context: CommandContext): Promise<number> {
  const { flags } = options;
  const wanted = parseObjects(options.kind, options.names);
  const problem = requestProblem(wanted, flags);
  if (problem !== undefined) throw new CliError('usage', problem);
  const session = openSession(flags, context);
  const namespace = flags.allNamespaces === true ? undefined : session.namespace;
  const request: GetRequest = { ...wanted, flags, session, namespace };
  if (flags.watch === true) {
    // Only a watch needs what it takes to come back after a cut.
    const { watchStreamList } = await import('./watch-stream-list.ts');
    return watchStreamList(request, context);
  }
  const found = await FINDERS[wanted.kind](request);
  if (found.objects.length > 0 || found.refused.length === 0) printObjects(request, found, context);
  for (const line of found.refused.flatMap(errorLines)) context.output.note(line);
  return found.refused.length === 0 ? 0 : 1;
}

function printObjects(
  { kind, names, namespace, flags }: GetRequest,
  { objects, table }: FoundObjects,
  { output }: CommandContext,
): void {
  if (flags.output === 'json' || flags.output === 'yaml') {
    // What was asked for by one name is printed as it is; everything else is a list, however long.
    output.line(formatStructured(names.length === 1 ? objects[0] : listOf(objects), flags.output));
  } else if (objects.length === 0) {
    output.note(nothingFound(kind === 'token' ? undefined : namespace));
  } else if (flags.output === 'name') {
    for (const { metadata } of objects) output.line(`${RESOURCES[kind]}/${metadata.name}`);
  } else {
    for (const line of table(roomFor(flags, output))) output.line(line);
  }
}
