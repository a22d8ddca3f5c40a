import { KEYS, LEASE } from '../installation/settings.ts';
import { until } from '../installation/until.ts';
import type { Verdict } from '../judge/facts.ts';
import { judgeHistories } from '../judge/judge-histories.ts';
import { judgeLog, verdict } from '../judge/judge-log.ts';
import { judgeRest } from '../judge/judge-rest.ts';
import { judgeWatchers } from '../judge/judge-watchers.ts';
import { readTagLives } from '../judge/tag-life.ts';
import { intervalOf } from '../plan/world.ts';
import { readRest } from './read-rest.ts';
import { ledgerOf, type Stage } from './stage.ts';
import type { StreamDesk } from './stream-desk.ts';
import type { Watcher } from './watcher.ts';

/** A tag's next look may be up to a tenth of its interval later: that is how its grid is made. */
const GRID = 1.1;
/** ms for everything between the moment a tag is due and its record, on a machine that does much else. */
const WORK = 2_000;
/** ms to read what is left. */
const READ_LIMIT = 20_000;

/** Compares all that is left, and all that was seen on the way, with the registries' ledgers. */
export async function judge(
  stage: Stage,
  {
    desk,
    watchers,
    late,
  }: {
    readonly desk: StreamDesk;
    readonly watchers: readonly Watcher[];
    readonly late: readonly string[];
  },
): Promise<readonly Verdict[]> {
  const [client] = stage.clients;
  const rest = client && (await until(() => readRest(client, stage.watch), READ_LIMIT));
  if (rest === undefined) throw new Error('what is left could not be read');
  const { log } = stage.watch;
  const { faults } = stage.book;
  const now = Date.now();
  const ledger = ledgerOf(stage);
  const lives = readTagLives(log);
  const uncaught = stage.roster.slots.flatMap((slot) => slot.uncaught);
  countExits(stage);
  stage.tally.add('results put aside', await stage.watch.redis.xlen(KEYS.deadLetters));
  return [
    verdict('everything comes to rest', 4, late),
    ...judgeHistories(lives, {
      ledger,
      log,
      faults,
      outages: stage.book.outages(now),
      boundOf: (member) => GRID * intervalOf(streamOf(member)) + LEASE + WORK,
      end: now,
    }),
    ...judgeRest(rest, lives, { ledger, log, faults }),
    ...judgeLog(log, desk.acknowledged),
    judgeWatchers(
      watchers.flatMap(({ sessions }) => sessions),
      log,
    ),
    verdict('no process dies of an error that nobody caught', stage.roster.slots.length, uncaught),
  ];
}

function countExits({ roster, tally }: Stage): void {
  for (const slot of roster.slots) {
    tally.add('processes that ended by themselves', slot.unexpected.length);
    tally.add('forced exits', slot.forced);
  }
}

/** `namespace/name:tag` → `name`. */
function streamOf(member: string): string {
  return member.slice(member.indexOf('/') + 1, member.indexOf(':'));
}
