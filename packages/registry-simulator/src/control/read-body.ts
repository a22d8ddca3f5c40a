import type { IncomingMessage } from 'node:http';
import { SimulatorError } from '../simulator-error.ts';

/**
 * Room for a verbatim manifest of the 4 MiB that clients must accept, escaped as JSON, and its
 * blobs.
 */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;

/** The JSON of a request's body. Throws SimulatorError `TooLarge` or `InvalidRequest`. */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request);
  try {
    return JSON.parse(body.toString());
  } catch {
    // The parser's message would quote the body.
    throw new SimulatorError('InvalidRequest', 'body: not JSON');
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Without destroyOnReturn a body too large would take the connection, and the answer, with it.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > BODY_LIMIT_BYTES) break;
      chunks.push(chunk);
    }
  } catch (error) {
    // The client left. Nobody will read the answer, but it is no reason to fall over.
    throw new SimulatorError('InvalidRequest', `body: incomplete (${String(error)})`);
  }
  if (size <= BODY_LIMIT_BYTES) return Buffer.concat(chunks);
  throw new SimulatorError('TooLarge', `body: more than ${BODY_LIMIT_BYTES} bytes`);
}
