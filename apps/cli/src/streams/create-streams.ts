import type { ImageStream } from '@tagtrail/image-stream';
import type { CommandContext } from '../command-context.ts';
import { definitionOf } from './last-applied.ts';
import { type WriteFlags, writeFiles } from './write-files.ts';

/** `create -f`: what exists already is an error. */
export function createStreams(flags: WriteFlags, context: CommandContext): Promise<number> {
  return writeFiles(
    {
      flags,
      write: async ({ api }, { object, namespace }) => ({
        stream: await api.streams.create(asStream(definitionOf(object, namespace))),
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
