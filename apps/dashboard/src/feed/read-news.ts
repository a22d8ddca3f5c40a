import {
  decodeOverview,
  type OverviewHistory,
  type OverviewMove,
  type OverviewTrouble,
} from '@tagtrail/api-client';
import type { OverviewNews } from './overview-state.ts';
import type { ServerEvent } from './parse-events.ts';

/** What an event of the API tells; undefined for kinds that this page does not know. Throws when it is no JSON. */
export function readNews({ type, text }: ServerEvent): OverviewNews | undefined {
  switch (type) {
    case 'overview':
      return { type, overview: decodeOverview(JSON.parse(text)) };
    case 'history':
      return { type, samples: (JSON.parse(text) as OverviewHistory).samples };
    case 'move':
      return { type, move: JSON.parse(text) as OverviewMove };
    case 'trouble':
      return { type, message: (JSON.parse(text) as OverviewTrouble).message };
    default:
      return undefined;
  }
}
