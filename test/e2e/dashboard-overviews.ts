import { decodeOverview, type Overview } from '@tagtrail/api-client';
import { createEventParser } from '../../apps/dashboard/src/feed/parse-events.ts';
import type { Installation } from './installation.ts';

/** Hears every overview that the API tells, as the page does, until disposed. */
export function followOverviews(
  { server, token }: Pick<Installation, 'server' | 'token'>,
  onOverview: (overview: Overview) => void,
): AsyncDisposable {
  const stop = new AbortController();
  const following = follow();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await following;
    },
  };

  async function follow(): Promise<void> {
    try {
      const response = await fetch(`${server}/apis/tagtrail.dev/v1/overview?watch=true`, {
        headers: { authorization: `Bearer ${token}` },
        signal: stop.signal,
      });
      const parse = createEventParser();
      const decoder = new TextDecoder();
      for await (const piece of response.body ?? []) {
        const events = parse(decoder.decode(piece, { stream: true }));
        const overviews = events.filter(({ type }) => type === 'overview');
        for (const { text } of overviews) onOverview(decodeOverview(JSON.parse(text)));
      }
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    }
  }
}
