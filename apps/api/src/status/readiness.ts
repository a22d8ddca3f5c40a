import type { ImageStreamStore } from '@tagtrail/image-stream';
import type { HealthCheck } from '@tagtrail/observability';
import type { ChangeFeed } from '../watch/change-feed.ts';
import { within } from './within.ts';

/** ms for the store to answer; Kubernetes gives a probe 1 s. */
const ANSWER_LIMIT = 800;

/** Ready when the store answers and changes are being followed: requests and watches will then be served. */
export function createReadiness(parts: {
  readonly streams: Pick<ImageStreamStore, 'list'>;
  readonly feed: ChangeFeed;
}): HealthCheck {
  return async () => {
    const late = () => new Error(`no answer within ${ANSWER_LIMIT} ms`);
    try {
      await within(ANSWER_LIMIT, parts.streams.list({ limit: 1 }), late);
    } catch {
      return { ok: false, reason: 'Redis does not answer: the record store is away' }; // its own words are for the log
    }
    const { state } = parts.feed;
    return state === 'following' ? { ok: true } : { ok: false, reason: `change log: ${state}` };
  };
}
