import { createHash } from 'node:crypto';
import {
  ARCHIVE_HEADER,
  ARCHIVE_TRAILER,
  type ArchiveHeader,
  type ArchiveTrailer,
  READABLE_ARCHIVES,
} from '@tagtrail/image-stream';
import { CliError } from '../cli-error.ts';
import type { JsonObject } from '../json-object.ts';
import { archiveLines, parseLine } from './archive-lines.ts';
import { trailerProblem } from './check-trailer.ts';
import { EntryTally } from './entry-tally.ts';

/** First bytes of a gzip file. */
const GZIP = Buffer.from([0x1f, 0x8b]);
const LINE_BREAK = '\n';

export interface CheckedArchive {
  readonly header: ArchiveHeader;
  readonly trailer: ArchiveTrailer;
}

/**
 * Reads an archive to its end and trusts it only when its last line says what was there: a file that was cut off, or that
 * a byte of was changed, is told from a whole one, also when that byte is of the last line. @throws CliError
 */
export async function checkArchive(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
): Promise<CheckedArchive> {
  const check = new ArchiveCheck(name);
  for await (const { bytes, isEnded } of archiveLines(chunks)) {
    if (!isEnded) throw check.cutOff();
    check.take(bytes);
  }
  return check.finish();
}

/** Takes line after line; the last one is only known by the end. */
export class ArchiveCheck {
  readonly #name: string;
  readonly #hash = createHash('sha256');
  readonly #entries = new EntryTally();
  #header: ArchiveHeader | undefined;
  #last: Buffer | undefined;
  /** Number of the last line, from 1. */
  #line = 0;

  constructor(name: string) {
    this.#name = name;
  }

  take(line: Buffer): void {
    this.#header ??= this.#readHeader(line);
    if (this.#last !== undefined) this.#pass(this.#last);
    this.#last = line;
    this.#line += 1;
  }

  finish(): CheckedArchive {
    if (this.#header === undefined || this.#last === undefined) {
      throw this.#refuse('is empty');
    }
    const trailer = this.#readTrailer(this.#last);
    const { counted } = this.#entries;
    const problem = trailerProblem({ bytes: this.#last, members: trailer }, counted);
    if (problem !== undefined) throw this.#refuseLine(problem);
    return { header: this.#header, trailer: trailer as unknown as ArchiveTrailer };
  }

  cutOff(): CliError {
    return this.#refuse('is cut off: its end is missing');
  }

  /** A line that another one follows. */
  #pass(line: Buffer): void {
    this.#hash.update(line).update(LINE_BREAK);
    if (this.#line === 1) return;
    const problem = this.#entries.add(parseLine(line));
    if (problem !== undefined) throw this.#refuseLine(problem);
  }

  #readTrailer(line: Buffer): JsonObject {
    const trailer = parseLine(line);
    if (trailer?.['kind'] === 'Status') {
      throw this.#refuse(`ends in a failure of the server: ${String(trailer['message'])}`);
    }
    if (trailer?.['kind'] !== ARCHIVE_TRAILER) throw this.cutOff();
    if (trailer['sha256'] !== this.#hash.digest('hex')) {
      throw this.#refuse('is damaged: its checksum is not that of its content');
    }
    return trailer;
  }

  #readHeader(line: Buffer): ArchiveHeader {
    if (line.subarray(0, GZIP.length).equals(GZIP)) {
      throw this.#refuse('is compressed: gunzip it, or pipe it through gunzip');
    }
    const header = parseLine(line);
    if (header?.['kind'] !== ARCHIVE_HEADER) throw this.#refuse('is not an export of tagtrail');
    const version = header['version'];
    if (!READABLE_ARCHIVES.includes(Number(version))) {
      const known = READABLE_ARCHIVES.join(' and ');
      const found = `is an export of version ${String(version)}, and this program reads ${known}`;
      throw this.#refuse(`${found}: upgrade it`);
    }
    return header as unknown as ArchiveHeader;
  }

  #refuseLine(problem: string): CliError {
    return new CliError('archive', `${this.#name}, line ${this.#line}: ${problem}`);
  }

  #refuse(what: string): CliError {
    return new CliError('archive', `${this.#name} ${what}`);
  }
}
