import type { ImageStreamCheck } from '@tagtrail/api-client';
import type { ImageStream } from '@tagtrail/image-stream';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import type { ConnectionFlags } from '../connection/connection-settings.ts';
import { openSession, type Session } from '../connection/open-session.ts';
import { formatStructured, listOf } from '../terminal/structured-output.ts';
import { tableLines } from '../terminal/table.ts';
import { checkColumns, checkRows } from './check-table.ts';
import { type NamedObjects, parseObjects, STREAM_RESOURCE } from './resource.ts';
import { streamColumns } from './stream-table.ts';

export type GetFormat = 'wide' | 'json' | 'yaml' | 'name';

export interface GetFlags extends ConnectionFlags {
  readonly output?: GetFormat;
  readonly allNamespaces?: true;
  readonly selector?: string;
  readonly watch?: true;
}

export interface GetOptions {
  readonly kind: string;
  readonly names: readonly string[];
  readonly flags: GetFlags;
}

/** What is asked for, and how it is printed. */
export interface GetRequest extends NamedObjects {
  readonly flags: GetFlags;
  readonly session: Session;
  /** Undefined means all of them. */
  readonly namespace: string | undefined;
}

/** `get is` and `get checks`. An empty list is no error. */
export async function getObjects(options: GetOptions, context: CommandContext): Promise<number> {
  const { flags } = options;
  const wanted = parseObjects(options.kind, options.names);
  refuseContradictions(wanted, flags);
  const session = openSession(flags, context);
  const namespace = flags.allNamespaces === true ? undefined : session.namespace;
  const request: GetRequest = { ...wanted, flags, session, namespace };
  if (flags.watch === true) {
    // Only a watch needs what it takes to come back after a cut.
    const { watchStreamList } = await import('./watch-stream-list.ts');
    return watchStreamList(request, context);
  }
  if (wanted.kind === 'checks') return printChecks(request, await readChecks(request), context);
  return printStreams(request, await readStreams(request), context);
}

function refuseContradictions({ kind, names }: NamedObjects, flags: GetFlags): void {
  const refuse = (message: string): never => {
    throw new CliError('usage', message);
  };
  const { allNamespaces, selector, watch } = flags;
  if (allNamespaces && names.length > 0) refuse('a name belongs to one namespace: leave out -A');
  if (selector !== undefined && names.length > 0) refuse('give either names or -l, not both');
  if (kind === 'checks' && watch) refuse('checks cannot be watched; `tagtrail watch` shows moves');
  if (kind === 'checks' && selector !== undefined) refuse('checks have no labels: leave out -l');
  if (watch && names.length > 1) refuse('watch one name, or all: leave out names or -w');
}

async function readStreams(request: GetRequest): Promise<readonly ImageStream[]> {
  const { session, names, namespace, flags } = request;
  const { streams } = session.api;
  if (names.length > 0) {
    const key = { namespace: session.namespace };
    return Promise.all(names.map((name) => streams.get({ ...key, name })));
  }
  const list = await streams.listAll({
    ...(namespace !== undefined && { namespace }),
    ...(flags.selector !== undefined && { labelSelector: flags.selector }),
  });
  return list.items;
}

/** Checks come in pages; a page's size is the server's choice. */
async function readChecks({
  session,
  names,
  namespace,
}: GetRequest): Promise<readonly ImageStreamCheck[]> {
  const { checks } = session.api;
  if (names.length > 0) {
    const key = { namespace: session.namespace };
    return Promise.all(names.map((name) => checks.get({ ...key, name })));
  }
  const all: ImageStreamCheck[] = [];
  let next: string | undefined;
  do {
    const page = await checks.list({
      ...(namespace !== undefined && { namespace }),
      ...(next !== undefined && { continue: next }),
    });
    all.push(...page.items);
    next = page.metadata.continue;
  } while (next !== undefined);
  return all;
}

function printStreams(
  request: GetRequest,
  streams: readonly ImageStream[],
  context: CommandContext,
): number {
  const { output: format } = request.flags;
  const columns = streamColumns({
    wide: format === 'wide',
    withNamespace: request.namespace === undefined,
    now: Date.now(),
  });
  const table = () => tableLines(columns, streams);
  return printObjects({ ...request, objects: streams, resource: STREAM_RESOURCE, table }, context);
}

function printChecks(
  request: GetRequest,
  checks: readonly ImageStreamCheck[],
  context: CommandContext,
): number {
  const { output: format } = request.flags;
  const columns = checkColumns({
    wide: format === 'wide',
    withNamespace: request.namespace === undefined,
    now: Date.now(),
  });
  const table = () => tableLines(columns, checkRows(checks));
  const resource = 'imagestreamcheck.tagtrail.dev';
  return printObjects({ ...request, objects: checks, resource, table }, context);
}

interface PrintedObjects extends GetRequest {
  readonly objects: readonly (ImageStream | ImageStreamCheck)[];
  readonly resource: string;
  readonly table: () => readonly string[];
}

function printObjects(printed: PrintedObjects, { output }: CommandContext): number {
  const { objects, flags, names, namespace } = printed;
  if (flags.output === 'json' || flags.output === 'yaml') {
    // What was asked for by one name is printed as it is; everything else is a list, however long.
    output.line(formatStructured(names.length === 1 ? objects[0] : listOf(objects), flags.output));
  } else if (objects.length === 0) {
    const where = namespace === undefined ? '' : ` in ${namespace} namespace`;
    output.note(`No resources found${where}.`);
  } else if (flags.output === 'name') {
    for (const { metadata } of objects) output.line(`${printed.resource}/${metadata.name}`);
  } else {
    for (const line of printed.table()) output.line(line);
  }
  return 0;
}
