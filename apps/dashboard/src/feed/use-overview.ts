import { useEffect, useReducer, useState } from 'react';
import { followOverview } from './follow-overview.ts';
import { NOTHING_YET, type OverviewNews, type OverviewState, takeNews } from './overview-state.ts';

/** ms without an overview from which on the numbers are called old; the API sends one a second. */
const OLD_AFTER = 3_000;
/** ms between looks at the clock. */
const TICK = 500;

/** How the page stands to the API. */
export interface Feed extends OverviewState {
  /** ms since the epoch on the API's clock. */
  readonly now: number;
  /** Since when nothing came, ms since the epoch on this machine's clock; undefined while all is well. */
  readonly lostSince: number | undefined;
  /** Why, for people; undefined while nobody knows. */
  readonly reason: string | undefined;
}

interface Arrival {
  /** ms since the epoch, here. */
  readonly at: number;
  /** ms by which the API's clock is ahead. */
  readonly ahead: number;
}

/** Follows the overview while the page is shown. `onRefused` must stay the same function. */
export function useOverview(token: string, onRefused: () => void): Feed {
  const [state, take] = useReducer(takeNews, NOTHING_YET);
  const [arrival, setArrival] = useState<Arrival | undefined>(undefined);
  const [reason, setReason] = useState<string | undefined>(undefined);
  const [opened] = useState(Date.now);
  const now = useClock();
  useEffect(() => {
    const stop = new AbortController();
    const onNews = (news: OverviewNews) => {
      take(news);
      if (news.type === 'trouble') setReason(news.message);
      if (news.type !== 'overview') return;
      const at = Date.now();
      setArrival({ at, ahead: Date.parse(news.overview.at) - at });
      setReason(undefined);
    };
    const { signal } = stop;
    void followOverview({ server: '', token, onNews, onBroken: setReason, onRefused, signal });
    return () => stop.abort();
  }, [token, onRefused]);
  const last = arrival?.at ?? opened;
  return {
    ...state,
    now: now + (arrival?.ahead ?? 0),
    lostSince: now - last > OLD_AFTER ? last : undefined,
    reason,
  };
}

function useClock(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK);
    return () => clearInterval(timer);
  }, []);
  return now;
}
