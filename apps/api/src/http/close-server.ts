import type { FastifyInstance } from 'fastify';
import type { RunningRequests } from './running-requests.ts';

/** ms for running requests to be answered; less than a process is given to stop. */
const DRAIN_LIMIT = 3_000;
/** ms between cuts of connections on which nothing is being answered. */
const CUT_INTERVAL = 20;

/**
 * Stops listening, waits for running requests, then cuts what is left. Node itself would wait for connections that never
 * sent a request, which browsers and clients open in advance.
 */
export async function closeServer(app: FastifyInstance, running: RunningRequests): Promise<void> {
  const closed = app.close();
  await running.drained(DRAIN_LIMIT);
  const cut = () => app.server.closeAllConnections();
  const cutting = setInterval(cut, CUT_INTERVAL);
  try {
    await closed;
  } finally {
    clearInterval(cutting);
  }
}
