import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { HealthCheck, HealthState } from './health-check.ts';
import { isLoopback } from './loopback.ts';
import type { Metrics } from './metrics.ts';

/** ms that a check may take. Kubernetes gives a probe 1 s by default; an answer with a reason beats none. */
const CHECK_DEADLINE = 900;

interface Page {
  readonly status: number;
  readonly contentType?: string;
  readonly body: string;
}

export interface HealthPagesOptions {
  readonly metrics: Metrics;
  readonly ready: HealthCheck;
  readonly live: HealthCheck;
  /** Shows /metrics to peers on other machines too. */
  readonly metricsForAll: boolean;
}

/** Answers the health server's requests. */
export function createHealthPages(options: HealthPagesOptions): RequestListener {
  return (request, response) => {
    pageFor(request, options).then(
      (page) => send(response, page),
      (error: unknown) => send(response, { status: 500, body: `failed: ${messageOf(error)}` }),
    );
  };
}

async function pageFor(request: IncomingMessage, options: HealthPagesOptions): Promise<Page> {
  const path = request.url?.split('?', 1)[0];
  const page = path === undefined ? undefined : pages[path];
  if (page === undefined) return { status: 404, body: 'not found' };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return { status: 405, body: 'method not allowed' };
  }
  return page(options, request);
}

const pages: Readonly<
  Record<string, (options: HealthPagesOptions, request: IncomingMessage) => Promise<Page>>
> = {
  '/healthz': ({ live }) => checkPage(live),
  '/readyz': ({ ready }) => checkPage(ready),
  '/metrics': metricsPage,
};

async function checkPage(check: HealthCheck): Promise<Page> {
  const { ok, reason } = await answerOf(check);
  return ok ? { status: 200, body: 'ok' } : { status: 503, body: reason ?? 'not ok' };
}

/** The check's answer; one that throws or is late is an answer too. */
async function answerOf(check: HealthCheck): Promise<HealthState> {
  const late = Promise.withResolvers<HealthState>();
  const timer = setTimeout(
    () => late.resolve({ ok: false, reason: `no answer within ${CHECK_DEADLINE} ms` }),
    CHECK_DEADLINE,
  );
  try {
    return await Promise.race([check(), late.promise]);
  } catch (error) {
    return { ok: false, reason: `check failed: ${messageOf(error)}` };
  } finally {
    clearTimeout(timer);
  }
}

async function metricsPage(
  { metrics, metricsForAll }: HealthPagesOptions,
  request: IncomingMessage,
): Promise<Page> {
  if (!metricsForAll && !isLoopback(request.socket.remoteAddress)) {
    return { status: 403, body: 'metrics are for this machine only (health.openToNetwork)' };
  }
  return { status: 200, ...(await metrics.render()) };
}

/** Node leaves the body out by itself when the request was HEAD. */
function send(response: ServerResponse, { status, contentType, body }: Page): void {
  response.writeHead(status, {
    'content-type': contentType ?? 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 405 && { allow: 'GET, HEAD' }),
  });
  response.end(contentType === undefined ? `${body}\n` : body);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
