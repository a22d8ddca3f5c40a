import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Exchange } from '../http/exchange.ts';
import { sendFault } from '../http/send-fault.ts';
import { RegistryFault } from '../registry-fault.ts';

/** A server that answers everything with `answer`, and with what that throws. */
export interface AnsweringServer extends AsyncDisposable {
  readonly url: string;
}

export async function answerWith(
  answer: (exchange: Exchange) => Promise<unknown>,
): Promise<AnsweringServer> {
  const server = createServer(async (request, response) => {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://here');
    const isHead = request.method === 'HEAD';
    try {
      await answer({ request, response, isHead, path, query, visitor: { principal: undefined } });
    } catch (error) {
      const fault =
        error instanceof RegistryFault ? error : new RegistryFault('UNKNOWN', String(error));
      sendFault({ response, isHead }, fault);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Code and message of the error in an answer. */
export async function faultIn(reply: Response): Promise<string> {
  const { errors } = (await reply.json()) as {
    errors: readonly { code: string; message: string }[];
  };
  return `${reply.status} ${errors[0]?.code} ${errors[0]?.message}`;
}
