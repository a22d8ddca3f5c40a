import type { Overview } from '@tagtrail/api-client';
import { formatSpan } from '@tagtrail/apimachinery';
import { humanSize } from '../describe/human-size.ts';
import { formatRate } from './service-table.ts';

/** A line of the status: what it is about, and how it is. */
export interface Fact {
  readonly about: string;
  readonly text: string;
}

/** The numbers of an overview in words. `now` in ms since the epoch, by the API's clock. */
export function statusFacts(overview: Overview, now: number): readonly Fact[] {
  return [
    { about: 'schedule', text: describeSchedule(overview) },
    { about: 'looks', text: describeLooks(overview) },
    { about: 'queue', text: describeQueue(overview) },
    { about: 'due lag', text: describeLag(overview, now) },
    { about: 'new digests', text: describeDetection(overview) },
    { about: 'results', text: describeResults(overview) },
    { about: 'tags', text: describeOutcomes(overview) },
    ...describeFreshness(overview),
    ...describeCoolDowns(overview, now),
    { about: 'Redis', text: describeRedis(overview) },
    { about: 'one more worker', text: overview.oneMoreWorker.text },
  ];
}

function describeSchedule({ schedule }: Overview): string {
  const { scheduled, due, leased } = schedule;
  return `${scheduled} tags: ${due} due, ${leased} with a job on its way`;
}

function describeLooks({ completedPerSecond, failedPerSecond }: Overview): string {
  return `${formatRate(completedPerSecond)} a second, ${formatRate(failedPerSecond)} of them fail`;
}

function describeQueue({ queue, requested }: Overview): string {
  const oldest = queue.waiting > 0 ? ` (the oldest for ${formatSpan(queue.oldestWait)})` : '';
  const counts = `${queue.waiting} wait${oldest}, ${queue.active} run, ${queue.delayed} put off, ${queue.failed} failed`;
  return `${counts}; requested imports: ${requested.waiting} wait, ${requested.active} run`;
}

function describeLag({ schedule: { lag, oldest } }: Overview, now: number): string {
  if (oldest === undefined) return formatSpan(lag);
  const { key, host, due } = oldest;
  const tag = `${key.namespace}/${key.name}:${key.tag}`;
  return `${formatSpan(lag)}; ${tag} of ${host} has been due for ${formatSpan(now - due)}`;
}

function describeDetection({ detectionLag }: Overview): string {
  if (detectionLag === undefined) return 'none in the last 5 minutes';
  const { p50Ms, p99Ms, moves } = detectionLag;
  return `${moves} in the last 5 minutes, recorded ${formatSpan(p50Ms)} after they were due (99 %: ${formatSpan(p99Ms)})`;
}

function describeResults({ results }: Overview): string {
  const { deadLetters } = results;
  const aside = deadLetters === 0 ? '' : `, ${deadLetters} put aside`;
  return `${backlogOf(results)} to record${aside}`;
}

/** Outcomes that are no failures, in words, and in the order in which they are told. */
const GOOD_OUTCOMES: Readonly<Record<string, string>> = {
  unchanged: 'unchanged',
  imported: 'imported',
  never: 'never looked at',
};

/** Good ones first, then failures, the most frequent first. */
function describeOutcomes({ outcomes }: Overview): string {
  const good = Object.entries(GOOD_OUTCOMES).flatMap(([outcome, words]) =>
    outcomes[outcome] === undefined ? [] : [`${outcomes[outcome]} ${words}`],
  );
  const bad = Object.entries(outcomes)
    .filter(([outcome]) => GOOD_OUTCOMES[outcome] === undefined)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${count} failing (${reason})`);
  return [...good, ...bad].join(', ') || 'none';
}

/** From the best to the worst; what no tag is stays untold. */
const FRESHNESS_WORDS: Readonly<Record<string, string>> = {
  Fresh: 'fresh',
  Stale: 'stale (overdue)',
  Blocked: 'blocked (the registry asked to be left alone)',
  Failing: 'failing',
  Never: 'never looked at',
};

function describeFreshness({ freshness }: Overview): readonly Fact[] {
  if (freshness === undefined) return [];
  const told = Object.entries(FRESHNESS_WORDS).flatMap(([state, words]) =>
    freshness[state] ? [`${freshness[state]} ${words}`] : [],
  );
  return told.length === 0 ? [] : [{ about: 'freshness', text: told.join(', ') }];
}

/** Registries told of one by one; the rest is a number. */
const SHOWN_COOL_DOWNS = 5;

/** Those that are left alone for longest. */
function describeCoolDowns({ schedule }: Overview, now: number): readonly Fact[] {
  const all = (schedule.coolDowns ?? []).toSorted((a, b) => b.until - a.until);
  const shown = all.slice(0, SHOWN_COOL_DOWNS).map(({ host, until, reason }) => {
    const end = new Date(until).toISOString().slice(0, -5);
    return `${host} until ${end}Z (${formatSpan(until - now)} more): ${reason}`;
  });
  const more = all.length > shown.length ? [`and ${all.length - shown.length} more`] : [];
  return [...shown, ...more].map((text, at) => ({ about: at === 0 ? 'left alone' : '', text }));
}

function describeRedis({ redis }: Overview): string {
  if (redis === undefined) return 'does not tell how full it is';
  const { usedBytes, maxBytes } = redis;
  if (maxBytes === 0) return `${humanSize(usedBytes)} used, without a limit`;
  const share = Math.round((usedBytes / maxBytes) * 100);
  return `${humanSize(usedBytes)} of ${humanSize(maxBytes)} used (${share} %)`;
}

/** Results that are not recorded yet, read by a writer or not. */
function backlogOf({ lag, pending }: Overview['results']): number {
  return Math.max(0, lag) + pending;
}
