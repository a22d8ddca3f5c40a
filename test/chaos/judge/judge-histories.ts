import type { Fault, LedgerLine, LogEntry, Verdict, Violation } from './facts.ts';
import { matchHistory, type Placed } from './match-history.ts';
import { type StayContext, staysOf } from './stays.ts';
import type { Recorded, TagLife } from './tag-life.ts';
import { traceOf } from './trace.ts';

export interface HistoryContext extends Omit<StayContext, 'bound'> {
  readonly faults: readonly Fault[];
  readonly log: readonly LogEntry[];
  /** The bound of a tag's stays: see {@link StayContext}. */
  readonly boundOf: (member: string) => number;
}

/** Every tag's history against the ledger: order, once each, nothing unknown, nothing of an older source. */
export function judgeHistories(
  lives: readonly TagLife[],
  context: HistoryContext,
): readonly Verdict[] {
  const known = new Set(context.ledger.map(({ source, digest }) => `${source}@${digest}`));
  const recorded = lives.reduce((sum, life) => sum + life.recorded.length, 0);
  const judged = lives.map((life) => judgeLife(life, context));
  return [
    {
      invariant: 'nothing is recorded that was never pushed there',
      checked: recorded,
      violations: lives.flatMap((life) => neverPushed(life, known, context)),
    },
    {
      invariant: 'no result of an older tag generation is recorded',
      checked: recorded,
      violations: lives.flatMap((life) => ofOlderSource(life, context)),
    },
    {
      invariant: 'a stay is recorded at most once, in order',
      checked: recorded,
      violations: judged.flatMap(({ disorder }) => disorder),
    },
    {
      invariant: 'a stay longer than interval + lease + outages is recorded',
      checked: judged.reduce((sum, { long }) => sum + long, 0),
      violations: judged.flatMap(({ unseen }) => unseen),
    },
  ];
}

function judgeLife(life: TagLife, context: HistoryContext) {
  const stays = staysOf(life, { ...context, bound: context.boundOf(life.member) });
  const history = life.recorded.map((recorded) => placed(life, recorded));
  const { impossible, unseen } = matchHistory(history, stays);
  const wrong = impossible === undefined ? undefined : life.recorded[impossible];
  const invariant = 'a stay is recorded at most once, in order';
  const disorder: readonly Violation[] =
    wrong === undefined
      ? []
      : [
          {
            invariant,
            words: `${life.member} has ${short(wrong.digest)} at version ${wrong.version}, for which no stay is left`,
            trace: traceOf(life, context, {
              from: life.recorded[(impossible ?? 0) - 2]?.at.earliest ?? wrong.at.earliest - 15_000,
              to: wrong.at.latest,
            }),
          },
        ];
  return {
    disorder,
    long: stays.filter(({ mustBeSeen }) => mustBeSeen).length,
    unseen: unseen.map((stay) => ({
      invariant: 'a stay longer than interval + lease + outages is recorded',
      words: `${life.member} (${life.uid}) never had ${short(stay.digest)} of ${stay.source}`,
      trace: traceOf(life, context, { from: stay.from, to: stay.to }),
    })),
  };
}

function placed(life: TagLife, recorded: Recorded): Placed {
  const chapter = life.chapters.findLastIndex(({ from }) => from.version <= recorded.version);
  return { recorded, chapter };
}

function neverPushed(
  life: TagLife,
  known: ReadonlySet<string>,
  context: HistoryContext,
): readonly Violation[] {
  return life.recorded
    .filter(({ source, digest }) => !known.has(`${source}@${digest}`))
    .map((one) =>
      wrongRecord(life, one, {
        context,
        invariant: 'nothing is recorded that was never pushed there',
      }),
    );
}

function ofOlderSource(life: TagLife, context: HistoryContext): readonly Violation[] {
  return life.recorded
    .filter(({ source, reference, digest }) => reference !== `${withoutTag(source)}@${digest}`)
    .map((one) =>
      wrongRecord(life, one, {
        context,
        invariant: 'no result of an older tag generation is recorded',
      }),
    );
}

function wrongRecord(
  life: TagLife,
  { digest, reference, version, at, source }: Recorded,
  { context, invariant }: { readonly context: HistoryContext; readonly invariant: string },
): Violation {
  const words = `${life.member} got ${short(digest)} as ${reference} at version ${version}, following ${source}`;
  const span = { from: at.earliest - 10_000, to: at.latest };
  return { invariant, words, trace: traceOf(life, context, span) };
}

function withoutTag(source: string): string {
  return source.slice(0, source.lastIndexOf(':'));
}

export function short(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 10);
}

/** The lines of the ledgers as one, in order of time. */
export function mergeLedgers(
  ...ledgers: readonly (readonly LedgerLine[])[]
): readonly LedgerLine[] {
  return ledgers.flat().sort((a, b) => a.at - b.at);
}
