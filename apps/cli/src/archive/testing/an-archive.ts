import { createHash } from 'node:crypto';

export const ARCHIVE_NAMES: readonly string[] = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

export interface ArchiveParts {
  readonly header?: object;
  /** Lines after those of the streams. */
  readonly extra?: readonly object[];
  /** Members of the last line, in the place of the right ones; an undefined one is left out. */
  readonly trailer?: Readonly<Record<string, unknown>>;
  /** Makes the lines of the streams as long as that. */
  readonly pad?: string;
  /** With the hash of the last line in it, as exports have it since they were given one. */
  readonly ownHash?: boolean;
}

/** An export of seven streams with one event and no image, the checksum of which is right. */
export function anArchive(parts: ArchiveParts = {}): string {
  const first = { kind: 'TagtrailExport', version: 2, exportedAt: '', resourceVersion: '7' };
  const key = { namespace: 'demo', name: 'a', uid: 'u', tag: 'latest' };
  const lines = [
    { ...first, ...parts.header },
    { history: { ...key, offset: 0, events: [{}] } },
    ...ARCHIVE_NAMES.map((name, at) => aStream(name, at, parts.pad)),
    ...(parts.extra ?? []),
  ];
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const counts = { streams: 7, events: 1, images: 0, unreadable: 0, resourceVersion: 7, fence: 6 };
  const all = { kind: 'TagtrailExportEnd', ...counts, sha256: sha256(body), ...parts.trailer };
  const trailer = JSON.stringify(all);
  return `${body}${parts.ownHash ? withOwnHash(trailer) : trailer}\n`;
}

/** The streams have the versions 1 to 7 and the fences 0 to 6. */
function aStream(name: string, at: number, pad = '') {
  const metadata = { namespace: 'demo', name, resourceVersion: String(at + 1) };
  const checks = [{ tag: 'latest', state: { fence: at } }];
  return { stream: { object: { metadata }, checks, histories: [], pad } };
}

function withOwnHash(trailer: string): string {
  return `${trailer.slice(0, -1)},"trailerSha256":"${sha256(trailer)}"}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
