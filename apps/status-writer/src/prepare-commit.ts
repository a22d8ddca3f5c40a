import {
  type CheckChange,
  type CheckState,
  type ImageStream,
  importedStream,
  type RecordedImport,
  recordImport,
  recordListing,
  type SlotReply,
  type StreamChange,
  type Verdict,
} from '@tagtrail/image-stream';
import {
  type DeliveredListing,
  type DeliveredResult,
  encodeSlotAnswer,
  type SlotAnswer,
} from '@tagtrail/import-contract';
import { answerLook, answerSlot, failedAnswer } from './answer-slot.ts';
import { type FoldDependencies, tagOutcome } from './fold-dependencies.ts';

/** Results of one stream that are written together. */
export interface StreamGroup {
  readonly key: DeliveredListing['result']['key'];
  readonly results: readonly DeliveredResult[];
  readonly listings: readonly DeliveredListing[];
}

/** What earlier tries of the same commit have taught. */
export interface Lessons {
  /** Images whose documents are gone. */
  readonly missing: ReadonlySet<string>;
  /** Receipts of deliveries whose slots were filled before. */
  readonly answered: ReadonlySet<string>;
  /** The stream was deleted: these results don't make it again. */
  readonly gone: boolean;
}

export interface PreparedCommit {
  /** Aligned with the group's results. */
  readonly verdicts: readonly Verdict[];
  readonly change: StreamChange;
  /** Receipts of the deliveries that the change's replies are for, aligned with them. */
  readonly answering: readonly string[];
}

/** Reads the stream as it is now and says what the group makes of it, and what those who wait are told. */
export async function prepareCommit(
  group: StreamGroup,
  { streams, checks, settings, historyLimit }: FoldDependencies,
  { now, lessons }: { readonly now: number; readonly lessons: Lessons },
): Promise<PreparedCommit> {
  const { namespace, name, uid } = group.key;
  const key = { namespace, name };
  const before = await streams.read(key);
  const isMine = before?.metadata.uid === uid;
  const folded = group.results.filter((one) => isFoldable(one, { before, isMine, lessons }));
  const start = isMine ? before : before === undefined ? newStream(group, folded, now) : undefined;
  const known: ReadonlyMap<string, CheckState> = isMine ? await checks.readChecks(uid) : new Map();
  const context = { checks: known, now, settings, historyLimit, missingImages: lessons.missing };
  const recorded = start && recordImport(start, folded.map(tagOutcome), context);
  const listed =
    isMine && recorded ? recordListings(group, recorded, { known, now, settings }) : [];
  const changes = mergeChecks([...(recorded?.checks ?? []), ...listed]);
  const verdicts = group.results.map((one) => recorded?.verdicts[folded.indexOf(one)] ?? 'gone');
  const after = recorded?.changed === true ? recorded.stream : before;
  const replies = [
    ...resultReplies(group, { verdicts, lessons, after }),
    ...group.listings.flatMap(listingReply),
  ];
  const change: StreamChange = {
    key,
    before,
    after,
    recordUnchanged: recorded?.changed !== true,
    checks: changes,
    expectedChecks: new Map(changes.map(({ tag }) => [tag, known.get(tag)])),
    history: recorded?.history ?? [],
    receipts: [...group.results, ...group.listings].map(({ receipt }) => receipt),
    replies: replies.map(({ reply }) => reply),
  };
  return { verdicts, change, answering: replies.map(({ entry }) => entry) };
}

/** Mere looks record nothing; neither does what was recorded in an earlier delivery. */
function isFoldable(
  { result, receipt }: DeliveredResult,
  {
    before,
    isMine,
    lessons,
  }: {
    readonly before: ImageStream | undefined;
    readonly isMine: boolean;
    readonly lessons: Lessons;
  },
): boolean {
  if (isLook(result) || lessons.answered.has(receipt.entry)) return false;
  const makes = before === undefined && !lessons.gone && result.records?.createsStream === true;
  return isMine || makes;
}

function isLook({ request, records }: DeliveredResult['result']): boolean {
  return request !== undefined && records === undefined;
}

function newStream({ key }: StreamGroup, folded: readonly DeliveredResult[], now: number) {
  return folded.length > 0 ? importedStream(key, { uid: key.uid, now }) : undefined;
}

function recordListings(
  { listings }: StreamGroup,
  recorded: RecordedImport,
  context: {
    readonly known: ReadonlyMap<string, CheckState>;
    readonly now: number;
    readonly settings: FoldDependencies['settings'];
  },
): readonly CheckChange[] {
  const checks = new Map(context.known);
  const keep = (changes: readonly CheckChange[]) => {
    for (const { tag, state } of changes) if (state !== null) checks.set(tag, state);
  };
  keep(recorded.checks);
  const followed = listings.filter(({ result }) => result.request === undefined);
  return followed.flatMap(({ result }) => {
    const { checks: changes } = recordListing(recorded.stream, result, { ...context, checks });
    keep(changes);
    return changes;
  });
}

/** The last word on each tag. */
function mergeChecks(changes: readonly CheckChange[]): readonly CheckChange[] {
  const merged = new Map<string, CheckChange>();
  for (const change of changes) merged.set(change.tag, { ...merged.get(change.tag), ...change });
  return [...merged.values()];
}

interface Reply {
  readonly entry: string;
  readonly reply: SlotReply;
}

function resultReplies(
  group: StreamGroup,
  context: {
    readonly verdicts: readonly Verdict[];
    readonly lessons: Lessons;
    readonly after: ImageStream | undefined;
  },
): readonly Reply[] {
  return group.results.flatMap((one, index) => {
    const isAnswered = context.lessons.answered.has(one.receipt.entry);
    if (one.replyAddress === undefined || isAnswered) return [];
    const verdict = context.verdicts[index] ?? 'gone';
    const answer = isLook(one.result) ? answerLook(one) : answerSlot(one, verdict, context.after);
    return [replyTo(one, answer)];
  });
}

function listingReply(one: DeliveredListing): readonly Reply[] {
  const { outcome } = one.result;
  if (one.replyAddress === undefined) return [];
  const answer: SlotAnswer =
    outcome.kind === 'listed' ? { kind: 'listed', tags: outcome.tags } : failedAnswer(outcome);
  return [replyTo(one, answer)];
}

function replyTo(
  { receipt, replyAddress }: DeliveredResult | DeliveredListing,
  answer: SlotAnswer,
): Reply {
  const address = replyAddress ?? { request: '', replies: '', id: '', slot: 0 };
  const text = encodeSlotAnswer(answer);
  return { entry: receipt.entry, reply: { ...address, text } };
}
