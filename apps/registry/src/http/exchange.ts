import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Visitor } from '../access/gatekeeper.ts';

/** A request on its way to its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly isHead: boolean;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly visitor: Visitor;
}

export type Headers = Readonly<Record<string, string | number>>;

/** Answers with a whole body; HEAD gets its headers alone. */
export function sendBody(
  { response, isHead }: Pick<Exchange, 'response' | 'isHead'>,
  {
    status = 200,
    headers,
    body,
  }: { readonly status?: number; readonly headers: Headers; readonly body: Buffer },
): void {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  if (isHead) response.end();
  else response.end(body);
}

/** Answers with a JSON document. */
export function sendJson(
  exchange: Pick<Exchange, 'response' | 'isHead'>,
  value: unknown,
  headers: Headers = {},
): void {
  const body = Buffer.from(JSON.stringify(value));
  sendBody(exchange, { headers: { 'content-type': 'application/json', ...headers }, body });
}
