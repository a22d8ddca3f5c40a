import { isDeepStrictEqual } from 'node:util';
import type {
  CommitResult,
  ImageStream,
  ImageStreamStore,
  StreamChange,
  StreamEvent,
} from '@tagtrail/image-stream';

/** The stream with the repository under which the registry `hostname` serves its images. Source: OpenShift, decorated on read. */
export function withRepository(stream: ImageStream, hostname: string): ImageStream {
  const { name, namespace = '' } = stream.metadata;
  const dockerImageRepository = `${hostname}/${namespace}/${name}`;
  return { ...stream, status: { ...stream.status, dockerImageRepository } };
}

/**
 * The same store for who answers clients: every stream that comes out of it tells its repository in the registry
 * `hostname`, and none that goes in. So records do not depend on the setting, and selectors, tables and pull specs see
 * what clients see. Without a hostname, the store as it is.
 */
export function publishRepositories(
  store: ImageStreamStore,
  hostname: string | undefined,
): ImageStreamStore {
  if (hostname === undefined) return store;
  const show = (stream: ImageStream) => withRepository(stream, hostname);
  return {
    read: async (key) => showIfAny(await store.read(key), show),
    list: async (query) => {
      const list = await store.list(query);
      return { ...list, items: list.items.map(show) };
    },
    commit: async (change) => showResult(await store.commit(unpublished(change)), show),
    watch: (resourceVersion, signal) => showEvents(store.watch(resourceVersion, signal), show),
    history: (key, page) => store.history(key, page),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

type Show = (stream: ImageStream) => ImageStream;

function showIfAny(stream: ImageStream | undefined, show: Show): ImageStream | undefined {
  return stream === undefined ? undefined : show(stream);
}

function showResult(result: CommitResult, show: Show): CommitResult {
  if (result.kind !== 'committed') return result;
  return { ...result, stream: showIfAny(result.stream, show) };
}

async function* showEvents(
  batches: AsyncIterable<readonly StreamEvent[]>,
  show: Show,
): AsyncGenerator<readonly StreamEvent[], void> {
  for await (const events of batches) {
    yield events.map((event) => ({
      ...event,
      before: showIfAny(event.before, show),
      after: showIfAny(event.after, show),
    }));
  }
}

/** A replacement by the same definition differs from what was read by the repository alone: it must not become a write. */
function unpublished(change: StreamChange): StreamChange {
  const before = showIfAny(change.before, hidden);
  const after = showIfAny(change.after, hidden);
  const isSame = before !== undefined && after !== undefined && isSameRecord(before, after);
  return { ...change, before, after, ...(isSame && { recordUnchanged: true }) };
}

/** As the model writes it: a stream of its own registry or none has what its spec says. */
function hidden(stream: ImageStream): ImageStream {
  const dockerImageRepository = stream.spec.dockerImageRepository ?? '';
  return { ...stream, status: { ...stream.status, dockerImageRepository } };
}

function isSameRecord(a: ImageStream, b: ImageStream): boolean {
  return isDeepStrictEqual(plain(a), plain(b));
}

/** What is absent, undefined or null is the same in a record. */
function plain(stream: ImageStream): unknown {
  return JSON.parse(JSON.stringify(stream, (_, value: unknown) => value ?? undefined));
}
