import type { ImageStream } from '@tagtrail/image-stream';
import { NAMESPACE } from './conformance-checks.ts';
import type { ConformanceSet } from './conformance-data.ts';
import type { ContentServer } from './content-server.ts';
import { definition, digestsOf } from './definitions.ts';
import { eventually, type Installation } from './installation.ts';

/** ms for some twenty first imports on a busy machine. */
const LIMIT = 60_000;

/** What is followed, and by which stream. */
export interface ContentWish {
  readonly namespace: string;
  readonly name: string;
  /** Repository and tag, or digest, of each tag. */
  readonly tags: Readonly<Record<string, string>>;
  /** Where they are. */
  readonly host: string;
}

/** Serves the sets, and records all their tags, with everything that an index is made of. */
export async function importSets(
  tagtrail: Installation,
  upstream: ContentServer,
  sets: readonly ConformanceSet[],
): Promise<void> {
  for (const { stream, content } of sets) upstream.serve(stream, content);
  const { host } = upstream;
  await Promise.all(
    sets.map(({ stream: name, content }) => {
      const tags = [...content.tags.keys()].map((tag) => [tag, `${name}:${tag}`]);
      const wish = { namespace: NAMESPACE, name, host, tags: Object.fromEntries(tags) };
      return followContent(tagtrail, wish);
    }),
  );
}

/** Makes a stream, and resolves when each of its tags has been recorded. */
export async function followContent(
  tagtrail: Installation,
  { namespace, name, tags, host }: ContentWish,
): Promise<ImageStream> {
  const sources = Object.entries(tags).map(([tag, source]) => [tag, `${host}/${source}`]);
  const made = definition(name, Object.fromEntries(sources), { namespace });
  const specs = (made.spec.tags ?? []).map((tag) => ({
    ...tag,
    importPolicy: { ...tag.importPolicy, importMode: 'PreserveOriginal' as const },
  }));
  const { streams } = tagtrail.client;
  let stream = await streams.create({ ...made, spec: { ...made.spec, tags: specs } });
  try {
    return await eventually(async () => {
      stream = await streams.get({ namespace, name });
      return Object.keys(tags).every((tag) => digestsOf(stream, tag).length > 0)
        ? stream
        : undefined;
    }, LIMIT);
  } catch (error) {
    throw new Error(`${namespace}/${name}: ${JSON.stringify(stream.status)}`, { cause: error });
  }
}
