import type { ArchiveMarks } from '@tagtrail/image-stream';
import type { ApiConnection } from './api-connection.ts';
import { unreachable } from './api-error.ts';
import { chunksOf } from './read-body.ts';

const PATH = '/apis/tagtrail.dev/v1/archive';

/** Entries of an archive, in the order of its lines. */
export interface ArchiveBatch {
  readonly archive: string;
  /** What becomes of a stream that is there: it stays, or the archive's takes its place. */
  readonly existing: 'keep' | 'replace';
  readonly entries: readonly unknown[];
}

export interface ImportedBatch {
  /** `namespace/name` of the streams that were put back. */
  readonly restored: readonly string[];
  /** Those that were there and stayed. */
  readonly existing: readonly string[];
}

/** Backup and restore. Every method throws ApiError. */
export interface Archive {
  /** The bytes of an export as they come, for as long as it takes; without a namespace, of all. */
  export(query: {
    readonly namespace?: string;
    readonly signal: AbortSignal;
  }): Promise<AsyncIterable<Uint8Array>>;
  /** Those of the streams (`namespace/name`, at most 1000) that are there. */
  existing(streams: readonly string[]): Promise<readonly string[]>;
  /** Comes before the first batch. Answers whether the streams keep their resourceVersions. */
  begin(marks: ArchiveMarks): Promise<boolean>;
  import(batch: ArchiveBatch): Promise<ImportedBatch>;
}

export function createArchive(connection: ApiConnection): Archive {
  const post = <T>(path: string, body: unknown) =>
    connection.request<T>({ method: 'POST', path: `${PATH}${path}`, body });
  return {
    export: async ({ namespace, signal }) => {
      const response = await connection.open({ path: PATH, query: { namespace }, signal });
      return readExport(response, connection.server, signal);
    },
    existing: async (streams) => {
      const answer = await post<{ existing: readonly string[] }>('/existing', { streams });
      return answer.existing;
    },
    begin: async (marks) => (await post<{ keepsVersions: boolean }>('/begin', marks)).keepsVersions,
    import: (batch) => post('', batch),
  };
}

async function* readExport(
  response: Response,
  server: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* chunksOf(response);
  } catch (error) {
    throw signal.aborted ? error : unreachable(server, error);
  }
}
