import { get } from 'node:http';
import { delay } from '@tagtrail/lifecycle';

/** ms between two looks; starting takes some hundred. */
const LOOK_INTERVAL = 50;
/** ms that one look may take: the health server itself answers within 900. */
const LOOK_TIMEOUT = 1_000;
/** Characters of the answer that are kept as the reason. */
const REASON_LIMIT = 200;

export type Readiness = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Looks at `url` until it answers 200 or `signal` aborts; then the last reason why it did not. */
export async function awaitReady(url: string, signal: AbortSignal): Promise<Readiness> {
  let last: Readiness = { ok: false, reason: 'no answer' };
  while (!signal.aborted) {
    last = await look(url);
    if (last.ok) return last;
    await delay(LOOK_INTERVAL, signal);
  }
  return last;
}

function look(url: string): Promise<Readiness> {
  const { promise, resolve } = Promise.withResolvers<Readiness>();
  const request = get(url, { timeout: LOOK_TIMEOUT, agent: false }, (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      text = (text + chunk).slice(0, REASON_LIMIT);
    });
    response.on('end', () => {
      const reason = text.trim() || `HTTP ${response.statusCode}`;
      resolve(response.statusCode === 200 ? { ok: true } : { ok: false, reason });
    });
    response.on('error', () => resolve({ ok: false, reason: 'the answer broke off' }));
  });
  request.on('timeout', () => request.destroy());
  request.on('error', () => resolve({ ok: false, reason: 'no answer' }));
  return promise;
}
