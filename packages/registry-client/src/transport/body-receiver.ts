import type { IncomingHttpHeaders } from 'node:http';

/** The beginning of a reply. */
export interface ReplyHead {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** Takes a body as it comes, in place of memory. What it throws ends the request and its connection, and is told as it is. */
export interface BodyReceiver {
  /** A promise keeps everything after this unread until it resolves. */
  take(chunk: Buffer): Promise<void> | undefined;
  /** The body has come to its end; what was taken may still be under way. */
  end(): void;
}

/** Whoever takes the body of a reply that begins like this; undefined: it is kept in memory as any other. */
export type ReceiverSource = (head: ReplyHead) => BodyReceiver | undefined;

/** A reply that broke off when its body was already on the way to a receiver, with the reason as `cause`. */
export class InterruptedBody extends Error {
  override readonly name = 'InterruptedBody';

  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}
