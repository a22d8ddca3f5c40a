import type { ChangeFeed } from '../watch/change-feed.ts';
import { RecentLog } from '../watch/recent-log.ts';
import { type Move, movesOf } from './moves-of.ts';

/** Moves that a new reader of the page is shown. */
const HELD_MOVES = 50;
/** Changes looked at between two turns of the event loop. */
const BATCH = 64;
/** ms; nothing depends on waking in silence. */
const IDLE_WAIT = 60_000;

/** The last moves of all tags, in memory: what came before the start of the process is in the histories. */
export class MoveLog {
  readonly log = new RecentLog<Move>({ entries: HELD_MOVES, weight: Number.POSITIVE_INFINITY });

  /** Follows the feed until the signal aborts. What was lost while the feed started anew is not shown. */
  async run(feed: ChangeFeed, signal: AbortSignal): Promise<void> {
    let position = feed.log.next;
    while (!signal.aborted) {
      const changes = feed.log.read(position, BATCH);
      position = changes === undefined ? feed.log.next : position + changes.length;
      for (const move of (changes ?? []).flatMap(movesOf)) this.log.append(move, 1);
      await feed.log.changed(position, IDLE_WAIT, signal);
    }
  }
}
