import { badRequest } from '@tagtrail/apimachinery';
import type { ArchiveMarks, StreamKey } from '@tagtrail/image-stream';
import { StatusError } from '../status-error.ts';
import { isCount, isVersion } from './field-checks.ts';
import type { EntryBatch } from './import-entries.ts';

/** Names in one question about what is there. */
const MAX_NAMES = 1_000;
/** Entries in one batch; lines of an archive are long. */
const MAX_ENTRIES = 10_000;
/** SHA-256 of the file, in hex. */
const ARCHIVE_PATTERN = /^[0-9a-f]{64}$/;

/** @throws StatusError BadRequest */
export function decodeMarks(body: unknown): ArchiveMarks {
  const { archive, resourceVersion, fence } = fieldsOf(body);
  if (!isArchive(archive) || !isVersion(resourceVersion) || !isCount(fence)) {
    throw refuse('an import begins with archive, resourceVersion and fence');
  }
  return { archive, resourceVersion, fence };
}

/** @throws StatusError BadRequest */
export function decodeBatch(body: unknown): EntryBatch {
  const { archive, existing, entries } = fieldsOf(body);
  if (!isArchive(archive) || !Array.isArray(entries) || entries.length > MAX_ENTRIES) {
    throw refuse(`a batch has archive and at most ${MAX_ENTRIES} entries`);
  }
  if (existing !== 'keep' && existing !== 'replace') {
    throw refuse('existing must be "keep" or "replace"');
  }
  return { archive, existing, entries };
}

/** The names of streams, each once. @throws StatusError BadRequest */
export function decodeNames(body: unknown): readonly StreamKey[] {
  const { streams } = fieldsOf(body);
  if (!Array.isArray(streams) || streams.length > MAX_NAMES) {
    throw refuse(`streams must be a list of at most ${MAX_NAMES} namespace/name`);
  }
  return [...new Set(streams.map(String))].map((text) => {
    const [namespace = '', name = ''] = text.split('/', 2);
    return { namespace, name };
  });
}

function isArchive(value: unknown): value is string {
  return typeof value === 'string' && ARCHIVE_PATTERN.test(value);
}

function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}

function refuse(message: string): StatusError {
  return new StatusError(badRequest(message));
}
