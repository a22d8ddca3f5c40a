import { isJsonObject, textMember } from '../json-object.ts';

/** ms for a page of the ledger; it comes from this machine. */
const PAGE_TIMEOUT = 2_000;
/** Digests whose push is remembered; older moves are printed without a time. */
const REMEMBERED_DIGESTS = 10_000;

/** When images were pushed to the simulator, by its own ledger. */
export interface PushLedger {
  /** ms since the epoch of the newest push that brought this digest, on its own or in an index; undefined when unknown. */
  pushedAt(digest: string): Promise<number | undefined>;
}

/** Reads the ledger of the simulator at `url` as far as it is new. */
export function createPushLedger(url: string): PushLedger {
  const times = new Map<string, number>();
  let since = 0;
  const readOn = async (): Promise<void> => {
    const response = await fetch(`${url}/_simulator/pushes?since=${since}`, {
      signal: AbortSignal.timeout(PAGE_TIMEOUT),
    });
    const page: unknown = await response.json();
    if (!isJsonObject(page) || !Array.isArray(page['pushes'])) return;
    for (const push of page['pushes']) remember(times, push);
    if (typeof page['next'] === 'number') since = page['next'];
  };
  return {
    async pushedAt(digest) {
      // A simulator that is being started again has a new ledger; then the move is printed without a time.
      if (!times.has(digest)) await readOn().catch(() => undefined);
      return times.get(digest);
    },
  };
}

function remember(times: Map<string, number>, push: unknown): void {
  if (!isJsonObject(push) || typeof push['at'] !== 'number') return;
  const children = Array.isArray(push['children']) ? push['children'] : [];
  for (const one of [push, ...children]) {
    const digest = isJsonObject(one) ? textMember(one, 'digest') : undefined;
    if (digest !== undefined) times.set(digest, push['at']);
  }
  for (const [oldest] of times) {
    if (times.size <= REMEMBERED_DIGESTS) break;
    times.delete(oldest);
  }
}
