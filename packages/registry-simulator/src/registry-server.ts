import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { answerControl, CONTROL_PREFIX } from './control/control-api.ts';
import { createFront, type RegistryFront } from './registry-front.ts';
import type { SimulatorState } from './simulator-state.ts';
import { answerContent } from './wire/answer-content.ts';
import { deliverReply } from './wire/deliver-reply.ts';
import type { Reply } from './wire/reply.ts';
import { recordRequest } from './wire/request-record.ts';
import type { WireRequest } from './wire/route.ts';
import { parseRoute, splitTarget } from './wire/route.ts';

/**
 * Longer than the interval of any poller in a test or demo: who reconnects does so of their own
 * accord.
 */
const KEEP_ALIVE_MS = 10 * 60 * 1000;

/**
 * The HTTP server of a simulator. It stops delivering when `closing` aborts.
 *
 *   request ─► route ─► allowed? ─► content ─► faults ─► log ─► delivery
 *           └► /_simulator/ ─► control ───────────────────────► delivery
 */
export function createRegistryServer(state: SimulatorState, closing: AbortSignal): RegistryFront {
  const connections = new WeakMap<Socket, number>();
  let connected = 0;
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    answer(state, request, connections.get(request.socket) ?? 0)
      .then((reply) => deliverReply(response, reply, closing))
      // Nothing listens, so this ends the program: a bug here must not pass for a bad registry.
      .catch((error: unknown) => server.emit('error', error));
  });
  server.on('connection', (socket) => {
    connected += 1;
    connections.set(socket, connected);
  });
  return createFront(server, () => state.faults.certificate(state.now()));
}

/**
 * Registry requests are answered and logged before the first await: the log is in order of arrival.
 */
async function answer(
  state: SimulatorState,
  incoming: IncomingMessage,
  connection: number,
): Promise<Reply> {
  if (incoming.url?.startsWith(CONTROL_PREFIX)) return answerControl(state, incoming);
  const at = state.now();
  const request = readRequest(incoming);
  const reply = state.faults.apply(honestReply(state, request), request, state);
  const caller = { connection, remotePort: incoming.socket.remotePort ?? 0 };
  state.requests.append(recordRequest(at, caller, { request, reply }));
  return reply;
}

function readRequest({ method = '', url = '', headers, socket }: IncomingMessage): WireRequest {
  const { path, query } = splitTarget(url);
  const secure = socket instanceof TLSSocket;
  return { method, path, query, headers, secure, route: parseRoute(path) };
}

/** What a well-behaved registry would say. */
function honestReply({ authority, content }: SimulatorState, request: WireRequest): Reply {
  if (request.route.kind === 'token') return authority.issueToken(request);
  return authority.refusal(request) ?? answerContent(content, request);
}
