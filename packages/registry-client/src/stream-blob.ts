import {
  type BlobRange,
  type BlobSink,
  BlobTransfer,
  type BlobTransferParts,
  SinkFailure,
} from './blob-transfer.ts';
import type { RegistryLimits } from './limits.ts';
import { RegistryError } from './registry-error.ts';
import type { RegistryExchange } from './registry-exchange.ts';
import { blobPath, checkTarget, nameOf, type RepositoryTarget } from './repository-target.ts';
import type { ReplyHead } from './transport/body-receiver.ts';

export interface BlobStreamRequest {
  readonly target: RepositoryTarget;
  readonly blob: BlobRange;
  readonly sink: BlobSink;
  readonly limits: Pick<RegistryLimits, 'errorBytes' | 'blobPaceWindow' | 'blobPaceBytes'>;
}

/** The bytes of a blob, from its offset to its end, as `RegistryClient.streamBlob` describes it. */
export async function streamBlob(
  exchange: RegistryExchange,
  { target, blob, sink, limits }: BlobStreamRequest,
  signal: AbortSignal,
): Promise<void> {
  checkTarget(target);
  const { digest, size, offset = 0 } = blob;
  const subject = `${nameOf(target)}: blob ${digest}`;
  const path = blobPath(target, digest);
  checkRange({ size, offset, subject });
  if (offset > 0 && offset === size) return;
  const pace = { window: limits.blobPaceWindow, bytes: limits.blobPaceBytes };
  const parts = { blob: { digest, size, offset }, sink, pace, subject };
  const course = new BlobCourse(parts);
  const receive = (head: ReplyHead) => course.receive(head);
  const asked = { target, method: 'GET', path, accept: '*/*', subject, receive } as const;
  const range = offset > 0 && { range: `bytes=${offset}-` };
  try {
    const bodyLimit = limits.errorBytes;
    const { reply, error } = await exchange.send({ ...asked, ...range, bodyLimit }, signal);
    if (reply.streamed === undefined) throw error();
  } catch (error) {
    throw course.failure(error);
  }
}

/** The one transfer that a request leads to, once redirects and refusals are behind it. */
class BlobCourse {
  readonly #parts: BlobTransferParts;
  #transfer: BlobTransfer | undefined;

  constructor(parts: BlobTransferParts) {
    this.#parts = parts;
  }

  receive(head: ReplyHead): BlobTransfer | undefined {
    if (!BlobTransfer.brings(head.status, this.#parts.blob)) return undefined;
    this.#transfer = new BlobTransfer(head, this.#parts);
    return this.#transfer;
  }

  /** What to throw: the sink's own error as it is, and how far it came. */
  failure(error: unknown): unknown {
    if (error instanceof SinkFailure) return error.cause;
    const { offset } = this.#parts.blob;
    const reached = this.#transfer?.reached ?? offset;
    return error instanceof RegistryError && reached > offset ? error.resumableAt(reached) : error;
  }
}

function checkRange({
  size,
  offset,
  subject,
}: Required<Pick<BlobRange, 'size' | 'offset'>> & { readonly subject: string }): void {
  const isPart = Number.isSafeInteger(offset) && offset >= 0 && offset <= size;
  if (Number.isSafeInteger(size) && isPart) return;
  const problem = `no part of ${size} bytes begins at ${offset}`;
  throw new RegistryError('RegistryError', `${subject}: ${problem}`);
}
