import type { ImageStream } from '@tagtrail/image-stream';
import type { CommandContext } from '../command-context.ts';
import type { ConnectionFlags } from '../connection/connection-settings.ts';
import { openSession } from '../connection/open-session.ts';
import type { WriteFormat } from '../terminal/written-objects.ts';
import { readFileStreams } from './file-streams.ts';
import { definitionOf } from './last-applied.ts';
import { writeEach } from './write-each.ts';

export interface WriteFlags extends ConnectionFlags {
  readonly filename: readonly string[];
  readonly output?: WriteFormat;
}

/** `create -f`: what exists already is an error. */
export async function createStreams(flags: WriteFlags, context: CommandContext): Promise<number> {
  const session = openSession(flags, context);
  const manifests = await readFileStreams(flags.filename, session, context);
  const { streams } = session.api;
  return writeEach(
    {
      manifests,
      format: flags.output,
      write: async ({ object, namespace }) => ({
        stream: await streams.create(asStream(definitionOf(object, namespace))),
        verb: 'created',
      }),
    },
    context,
  );
}

/** A checked manifest is a stream but for its defaults, which are the server's to fill in. */
export function asStream(definition: unknown): ImageStream {
  return definition as ImageStream;
}
