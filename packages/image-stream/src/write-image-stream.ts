import { type FieldCause, formatTimestamp } from '@tagtrail/apimachinery';
import { addTagEvent, historyOf } from './add-tag-event.ts';
import type { CheckState } from './check-state.ts';
import type {
  ImageStream,
  ImageStreamStatus,
  NamedTagEventList,
  TagReference,
} from './image-stream.ts';
import type { HistoryAppend, StreamChange } from './image-stream-store.ts';
import { reconcileChecks } from './reconcile-checks.ts';
import type { ScheduleSettings } from './schedule-settings.ts';
import { validateImageStream } from './validate-image-stream.ts';

export type StreamWrite =
  | { readonly ok: true; readonly change: StreamChange }
  | { readonly ok: false; readonly causes: readonly FieldCause[] };

export interface WriteContext {
  /** ms since the epoch. */
  readonly now: number;
  /** For a creation. */
  readonly uid: string;
  readonly settings: ScheduleSettings;
}

/** A new stream: status of the client dropped, generation 1 everywhere, every importable tag due now. */
export function createImageStream(input: ImageStream, context: WriteContext): StreamWrite {
  const causes = validateImageStream(input);
  if (causes.length > 0) return { ok: false, causes };
  const { resourceVersion: _, ...metadata } = input.metadata;
  const stream: ImageStream = {
    ...input,
    metadata: {
      ...metadata,
      uid: context.uid,
      generation: 1,
      creationTimestamp: formatTimestamp(context.now),
    },
    spec: {
      ...input.spec,
      ...withTags((input.spec.tags ?? []).map((tag) => ({ ...tag, generation: 1 }))),
    },
    status: emptyStatus(input),
  };
  return written(undefined, stream, { ...context, checks: new Map(), forced: new Set() });
}

/**
 * A user's update of the spec: the status stays, tag generations are the server's. Generation 0 from the client,
 * a new tag, or a changed source, `reference` or import mode asks for an import. Source: OpenShift stream strategy.
 */
export function replaceImageStream(
  current: ImageStream,
  input: ImageStream,
  context: WriteContext & { readonly checks: ReadonlyMap<string, CheckState> },
): StreamWrite {
  const causes = validateImageStream(input);
  if (causes.length > 0) return { ok: false, causes };
  const tags = mergeTags(current, input);
  const specChanged =
    JSON.stringify(comparable({ ...input, spec: { ...input.spec, ...withTags(tags.merged) } })) !==
    JSON.stringify(comparable(current));
  const generation = (current.metadata.generation ?? 0) + (specChanged ? 1 : 0);
  const stamped = tags.merged.map((tag) => (tags.due.has(tag.name) ? { ...tag, generation } : tag));
  const after: ImageStream = {
    ...input,
    metadata: replacedMetadata(current, input, generation),
    spec: { ...input.spec, ...withTags(stamped) },
    status: {
      ...withoutEmptyTags(current.status),
      dockerImageRepository: emptyStatus(input).dockerImageRepository,
    },
  };
  return written(current, after, { ...context, forced: tags.forced });
}

/** Everything of the stream goes: record, checks, schedule; its history is freed by the collector. */
export function deleteImageStream(
  current: ImageStream,
  checks: ReadonlyMap<string, CheckState>,
): StreamChange {
  return {
    key: keyOf(current),
    before: current,
    after: undefined,
    checks: [...checks].map(([tag, state]) => ({ tag, state: null, previousHost: state.host })),
    history: [],
    receipts: [],
  };
}

interface MergedTags {
  readonly merged: readonly TagReference[];
  readonly due: ReadonlySet<string>;
  readonly forced: ReadonlySet<string>;
}

function mergeTags(current: ImageStream, input: ImageStream): MergedTags {
  const due = new Set<string>();
  const forced = new Set<string>();
  const merged = (input.spec.tags ?? []).map((tag) => {
    const old = current.spec.tags?.find((entry) => entry.name === tag.name);
    const asked = tag.generation === 0;
    if (asked) forced.add(tag.name);
    const generation = asked ? 0 : (old?.generation ?? null);
    if (old === undefined || asked || generation === null || isTagChanged(old, tag))
      due.add(tag.name);
    return { ...tag, generation };
  });
  return { merged, due, forced };
}

/** Only these ask for a new import; `from.kind` is not compared. Source: OpenShift, "tag changed". */
function isTagChanged(old: TagReference, tag: TagReference): boolean {
  return (
    tag.from !== undefined &&
    tag.from !== null &&
    (tag.from.name !== old.from?.name ||
      tag.from.namespace !== old.from?.namespace ||
      (tag.reference ?? false) !== (old.reference ?? false) ||
      tag.importPolicy.importMode !== old.importPolicy.importMode)
  );
}

function replacedMetadata(current: ImageStream, input: ImageStream, generation: number) {
  const { uid, creationTimestamp, resourceVersion } = current.metadata;
  return {
    ...input.metadata,
    generation,
    ...(uid === undefined ? {} : { uid }),
    ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}

interface WrittenContext extends WriteContext {
  readonly checks: ReadonlyMap<string, CheckState>;
  readonly forced: ReadonlySet<string>;
}

function written(
  before: ImageStream | undefined,
  wanted: ImageStream,
  context: WrittenContext,
): StreamWrite {
  const { after, history } = withReferenceEvents(before, wanted, context.now);
  const checks = reconcileChecks({ ...context, before, after });
  const expectedChecks = new Map(checks.map(({ tag }) => [tag, context.checks.get(tag)] as const));
  const untouched = before !== undefined && isSameObject(before, after);
  const change: StreamChange = {
    key: keyOf(after),
    before,
    after,
    ...(untouched ? { recordUnchanged: true } : {}),
    checks,
    expectedChecks,
    history,
    receipts: [],
  };
  return { ok: true, change };
}

/** A `reference` tag is never imported: its pull spec is recorded at once, without an image. */
function withReferenceEvents(before: ImageStream | undefined, stream: ImageStream, now: number) {
  const history: HistoryAppend[] = [];
  const lists = new Map((stream.status.tags ?? []).map((list) => [list.tag, list]));
  for (const tag of stream.spec.tags ?? []) {
    const old = before?.spec.tags?.find((entry) => entry.name === tag.name);
    const fresh = old === undefined || old.generation !== tag.generation;
    if (tag.reference !== true || tag.from?.kind !== 'DockerImage' || !fresh) continue;
    const list = lists.get(tag.name);
    const added = addTagEvent(list, {
      created: formatTimestamp(now),
      dockerImageReference: tag.from.name,
      image: '',
      generation: tag.generation ?? 1,
    });
    lists.set(tag.name, { tag: tag.name, items: added.items });
    history.push(...historyOf(list, tag.name, added));
  }
  if (history.length === 0) return { after: stream, history };
  const tags = [...lists.values()].sort((a, b) => (a.tag < b.tag ? -1 : 1));
  return { after: { ...stream, status: { ...stream.status, tags } }, history };
}

function emptyStatus(stream: ImageStream): ImageStreamStatus {
  return { dockerImageRepository: stream.spec.dockerImageRepository ?? '' };
}

function withoutEmptyTags(status: ImageStreamStatus): ImageStreamStatus {
  const kept = (status.tags ?? []).filter((list) => !isEmptyList(list));
  const { tags: _, ...rest } = status;
  return kept.length > 0 ? { ...rest, tags: kept } : rest;
}

function isEmptyList(list: NamedTagEventList): boolean {
  return (list.items ?? []).length === 0 && (list.conditions ?? []).length === 0;
}

function withTags(tags: readonly TagReference[]): { tags?: readonly TagReference[] } {
  return tags.length > 0 ? { tags } : {};
}

function comparable(stream: ImageStream): unknown {
  return sortKeys(stream.spec);
}

function isSameObject(a: ImageStream, b: ImageStream): boolean {
  return JSON.stringify(sortKeys(a)) === JSON.stringify(sortKeys(b));
}

/** Key order is no difference; neither is `annotations: null` against none. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([, entry]) => entry !== undefined && entry !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sortKeys(entry)]));
}

function keyOf(stream: ImageStream) {
  return { namespace: stream.metadata.namespace ?? '', name: stream.metadata.name };
}
