import type { ImageStream } from '@tagtrail/image-stream';
import type { CommandContext } from '../command-context.ts';
import { followStreams, streamQuery } from '../connection/follow-streams.ts';
import { type StopSignals, withStopSignals } from '../stop-signals.ts';
import { formatStructured } from '../terminal/structured-output.ts';
import { createGrowingTable } from '../terminal/table.ts';
import { type GetRequest, roomFor, tableStyle } from './found-objects.ts';
import { STREAM_RESOURCE } from './resource.ts';
import { streamColumns } from './stream-table.ts';

/** `get is -w`: the list, then a line (or an object) for every change, until Ctrl-C. */
export function watchStreamList(request: GetRequest, context: CommandContext): Promise<number> {
  return withStopSignals((signals) => printList(request, context, signals));
}

async function printList(
  request: GetRequest,
  { output }: CommandContext,
  signals: StopSignals,
): Promise<number> {
  const { session, names, namespace, flags } = request;
  const { streams } = session.api;
  const [name] = names;
  // A name that does not exist is an error, where an empty list is not.
  if (name !== undefined) await streams.get({ namespace: session.namespace, name });
  const print = createPrinter(request, roomFor(flags, output));
  const query = {
    ...streamQuery(namespace, name),
    ...(flags.selector !== undefined && { labelSelector: flags.selector }),
  };
  for await (const { streams: seen } of followStreams(streams, query, signals.stop)) {
    for (const line of print(seen)) output.line(line);
  }
  return signals.exitCode;
}

type Printer = (streams: readonly ImageStream[]) => readonly string[];

function createPrinter(request: GetRequest, room: number | undefined): Printer {
  const { output: format } = request.flags;
  if (format === 'json') return (streams) => streams.map((one) => formatStructured(one, 'json'));
  if (format === 'yaml') {
    return (streams) => streams.map((one) => `---\n${formatStructured(one, 'yaml')}`);
  }
  if (format === 'name') {
    return (streams) => streams.map(({ metadata }) => `${STREAM_RESOURCE}/${metadata.name}`);
  }
  const table = createGrowingTable<ImageStream>(room);
  return (streams) => table(streamColumns(tableStyle(request)), streams);
}
