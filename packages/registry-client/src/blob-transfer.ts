import type { Digest } from '@tagtrail/image-reference';
import { MinimumPace, type PaceLimits } from './minimum-pace.ts';
import { RegistryError } from './registry-error.ts';
import { checkBlobHead } from './reply/blob-head.ts';
import type { BodyReceiver, ReplyHead } from './transport/body-receiver.ts';

/** A blob, and where in it to begin. */
export interface BlobRange {
  readonly digest: Digest;
  /** Bytes of the whole blob. */
  readonly size: number;
  /** Bytes that are there already. Default: none. */
  readonly offset?: number;
}

/** Where the bytes of a blob go. */
export interface BlobSink {
  /**
   * Takes the next bytes, in order; at once, or in the time of the promise, for which nothing more is read. What it throws
   * or rejects with ends the transfer, whose promise rejects with the same.
   */
  write(chunk: Buffer): Promise<void> | undefined;
}

export interface BlobTransferParts {
  readonly blob: Required<BlobRange>;
  readonly sink: BlobSink;
  readonly pace: PaceLimits;
  /** Opens the message of an error. */
  readonly subject: string;
}

/** What a sink failed of, as `cause`: on its way through the client it must not be taken for the registry's failure. */
export class SinkFailure extends Error {
  override readonly name = 'SinkFailure';

  constructor(cause: unknown) {
    super(undefined, { cause });
  }
}

const OK = 200;
const PARTIAL_CONTENT = 206;

/** Brings the body of one reply to a sink: neither more nor fewer bytes than are wanted. */
export class BlobTransfer implements BodyReceiver {
  readonly #parts: BlobTransferParts;
  readonly #pace: MinimumPace;
  /** Of the blob, at which the next chunk begins. */
  #position = 0;
  #reached: number;

  /** Throws a {@link RegistryError} when the body cannot be what is wanted. */
  constructor({ status, headers }: ReplyHead, parts: BlobTransferParts) {
    const { blob, subject, pace } = parts;
    const isPart = status === PARTIAL_CONTENT;
    checkBlobHead(headers, { size: blob.size, from: isPart ? blob.offset : undefined, subject });
    this.#parts = parts;
    this.#pace = new MinimumPace(pace);
    this.#position = isPart ? blob.offset : 0;
    this.#reached = blob.offset;
  }

  /** Whether a reply of this status brings what is wanted. */
  static brings(status: number, { offset }: Pick<BlobRange, 'offset'>): boolean {
    return status === OK || (status === PARTIAL_CONTENT && offset !== 0);
  }

  /** How many bytes of the blob there are. */
  get reached(): number {
    return this.#reached;
  }

  take(chunk: Buffer): Promise<void> | undefined {
    const { blob, subject, pace } = this.#parts;
    const from = this.#position;
    this.#position += chunk.length;
    if (this.#position > blob.size) {
      const problem = `the registry sent more than the ${blob.size} bytes that its descriptor declares`;
      throw new RegistryError('InvalidManifest', `content integrity error: ${subject}: ${problem}`);
    }
    if (!this.#pace.keeps(chunk.length)) {
      const most = `less than ${pace.bytes} bytes in ${pace.window} ms`;
      throw new RegistryError('Timeout', `${subject}: the registry sent ${most}`);
    }
    // A whole blob was sent in place of its rest.
    const wanted = from < this.#reached ? chunk.subarray(this.#reached - from) : chunk;
    return wanted.length === 0 ? undefined : this.#passOn(wanted);
  }

  end(): void {
    const { blob, subject } = this.#parts;
    if (this.#position === blob.size) return;
    // Where no length is declared, a broken connection looks like an end.
    const problem = `the reply ended after ${this.#position} of ${blob.size} bytes`;
    throw new RegistryError('ConnectionFailed', `${subject}: ${problem}`);
  }

  #passOn(chunk: Buffer): Promise<void> | undefined {
    this.#reached += chunk.length;
    let taken: Promise<void> | undefined;
    try {
      taken = this.#parts.sink.write(chunk);
    } catch (error) {
      throw new SinkFailure(error);
    }
    return taken && this.#held(taken);
  }

  async #held(taken: Promise<void>): Promise<void> {
    this.#pace.hold();
    try {
      await taken;
    } catch (error) {
      throw new SinkFailure(error);
    } finally {
      this.#pace.release();
    }
  }
}
