import { once } from 'node:events';
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { MEDIA_TYPE } from '@tagtrail/oci';

export interface ClientReply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Where the suite asks, and as whom. */
export interface Place {
  readonly url: string;
  readonly token: string;
}

/** As the suite sends it: one header line for each type. */
export const TWO_ACCEPT_LINES: OutgoingHttpHeaders = {
  accept: [MEDIA_TYPE.ociIndex, MEDIA_TYPE.ociManifest],
};

/** One request, with the headers just as they are given: `fetch` would join lines and add others. */
export async function ask(
  { url, token }: Place,
  method: string,
  path: string,
  headers: OutgoingHttpHeaders = {},
): Promise<ClientReply> {
  const sent = request(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
  sent.end();
  const [reply] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: reply.statusCode ?? 0, headers: reply.headers, body: await buffer(reply) };
}
