import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How one request is answered. */
export type Answer = (response: ServerResponse, request: SeenRequest) => void | Promise<void>;

export interface SeenRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A real HTTP server that answers by a script, for tests of clients. */
export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Answers to come, one request each; the last one stays. */
  script(...answers: Answer[]): void;
}

export async function openScriptedServer(): Promise<ScriptedServer> {
  const requests: SeenRequest[] = [];
  let answers: Answer[] = [];
  const server = createServer(async (message, response) => {
    const request = await readRequest(message);
    requests.push(request);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    await answer?.(response, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    script: (...next) => {
      answers = next;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers with JSON and a status. */
export function json(code: number, body: unknown): Answer {
  return (response) => {
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
}

async function readRequest(message: IncomingMessage): Promise<SeenRequest> {
  let body = '';
  for await (const chunk of message) body += String(chunk);
  const url = new URL(message.url ?? '/', 'http://server');
  return { method: message.method ?? '', url, headers: message.headers, body };
}
