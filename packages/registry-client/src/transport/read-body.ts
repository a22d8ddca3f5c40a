/** Bytes read past the limit to bring a body to its end: cheaper than a new connection, bounded like a manifest's page. */
const DRAIN_BYTES = 64 * 1024;

export class OversizeBody extends Error {
  override readonly name = 'OversizeBody';
}

/** Leaving the loop over it early destroys it, and with it the connection. */
type ByteStream = AsyncIterable<Buffer> & {
  on(event: 'error', listener: () => void): unknown;
  destroy(): unknown;
};

/**
 * The whole body, at most `limit` bytes of it: a declared length is checked before the first byte, the real one while
 * reading. Throws {@link OversizeBody} and gives up the connection.
 */
export async function readBody(
  body: ByteStream,
  limit: number,
  declared: number | undefined,
): Promise<Buffer> {
  if (declared !== undefined && declared > limit) {
    giveUp(body);
    throw oversize(limit);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > limit) throw oversize(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** The first `limit` bytes of a body; what follows is read to the end if it is short, else the connection is given up. */
export async function readBodyStart(body: ByteStream, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    if (length < limit) chunks.push(chunk);
    length += chunk.length;
    if (length > limit + DRAIN_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, limit);
}

/** An unread body must be destroyed, and then reports its own end as an error. */
function giveUp(body: ByteStream): void {
  body.on('error', () => {});
  body.destroy();
}

function oversize(limit: number): OversizeBody {
  return new OversizeBody(`larger than ${limit} bytes`);
}
