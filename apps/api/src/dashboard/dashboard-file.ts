import { createHash } from 'node:crypto';
import { extname } from 'node:path';

/** How a file may be sent, the best first. Source: RFC 9110 §8.4.1, RFC 7932. */
export const ENCODINGS = ['br', 'gzip'] as const;

export type Encoding = (typeof ENCODINGS)[number];

/** A file of the page, in memory. */
export interface DashboardFile {
  readonly contentType: string;
  readonly cacheControl: string;
  /** Of the file itself; a compressed one adds its encoding. */
  readonly etag: string;
  readonly plain: Buffer;
  readonly compressed: Readonly<Partial<Record<Encoding, Buffer>>>;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
/** A year; the name of such a file changes with its content. Source: RFC 8246. */
const FOREVER = 'public, max-age=31536000, immutable';
/** Kept, but asked for each time: a browser must not show an old page over a new API. */
const ASK_FIRST = 'no-cache';

/** `name` is its path below the folder. */
export function dashboardFile(
  name: string,
  plain: Buffer,
  compressed: DashboardFile['compressed'],
): DashboardFile {
  return {
    contentType: CONTENT_TYPES[extname(name)] ?? 'application/octet-stream',
    cacheControl: name.startsWith('assets/') ? FOREVER : ASK_FIRST,
    etag: createHash('sha256').update(plain).digest('base64url').slice(0, 22),
    plain,
    compressed,
  };
}

/** The best encoding that there is and that the client takes; undefined for none. Source: RFC 9110 §12.5.3. */
export function chooseEncoding(
  accepted: string | undefined,
  compressed: DashboardFile['compressed'],
): Encoding | undefined {
  const taken = (accepted ?? '').toLowerCase().split(',').map(readCoding);
  return ENCODINGS.find(
    (encoding) =>
      compressed[encoding] !== undefined &&
      taken.some(({ name, isWanted }) => name === encoding && isWanted),
  );
}

function readCoding(text: string) {
  const [name = '', ...parameters] = text.split(';').map((part) => part.trim());
  return { name, isWanted: !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) };
}
