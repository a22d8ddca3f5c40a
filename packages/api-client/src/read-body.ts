import { unintelligible } from './api-error.ts';

/** Bytes of one answer; a full page of 500 large streams stays below. */
const BODY_LIMIT = 256 * 1024 * 1024;

/** Reads an answer's text within the limit. Throws ApiError when it is longer. */
export async function readBody(response: Response, limit = BODY_LIMIT): Promise<string> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let length = 0;
  for await (const chunk of chunksOf(response)) {
    length += chunk.byteLength;
    if (length > limit) throw unintelligible(`the answer is longer than ${limit} bytes`);
    parts.push(decoder.decode(chunk, { stream: true }));
  }
  parts.push(decoder.decode());
  return parts.join('');
}

/** The chunks of a body. Leaving the loop cancels the rest. Streams are not iterable in every browser, readers are. */
export async function* chunksOf(response: Response): AsyncGenerator<Uint8Array, void> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value;
  } finally {
    // The connection may be cut already; there is nothing left to cancel then.
    await reader.cancel().catch(() => undefined);
  }
}
