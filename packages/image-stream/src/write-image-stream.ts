import { type FieldCause, formatTimestamp } from '@tagtrail/apimachinery';
import type { CheckState } from './check-state.ts';
import { copyTags } from './copy-tags.ts';
import { followTags } from './follow-tags.ts';
import { forbiddenSources } from './forbidden-sources.ts';
import type {
  ImageStream,
  ImageStreamStatus,
  NamedTagEventList,
  TagReference,
} from './image-stream.ts';
import type { StreamChange } from './image-stream-store.ts';
import { mergeTags } from './merge-tags.ts';
import { reconcileChecks } from './reconcile-checks.ts';
import { NO_POLICY, type RegistryPolicy } from './registry-policy.ts';
import type { ScheduleSettings } from './schedule-settings.ts';
import { validateImageStream } from './validate-image-stream.ts';

/** Events that a stream holds of a tag that is set again and again; the whole history keeps the rest. */
const EVENTS_KEPT = 50;

export type StreamWrite =
  | { readonly ok: true; readonly change: StreamChange }
  | { readonly ok: false; readonly causes: readonly FieldCause[] };

export interface WriteContext {
  /** ms since the epoch. */
  readonly now: number;
  /** For a creation. */
  readonly uid: string;
  readonly settings: ScheduleSettings;
  /** The other streams that the write copies from (`copiedStreams`), as far as they exist. */
  readonly sources?: readonly ImageStream[];
  /** All registries when absent. */
  readonly registries?: RegistryPolicy;
}

/** A new stream: status of the client dropped, generation 1 everywhere, every importable tag due now. */
export function createImageStream(input: ImageStream, context: WriteContext): StreamWrite {
  const causes = problemsOf(undefined, input, context);
  if (causes.length > 0) return { ok: false, causes };
  const { resourceVersion: _, ...metadata } = input.metadata;
  const { merged, fresh } = mergeTags(undefined, input);
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
      ...withTags(merged.map((tag) => ({ ...tag, generation: 1 }))),
    },
    status: emptyStatus(input),
  };
  return written(undefined, stream, { ...context, checks: new Map(), fresh, forced: new Set() });
}

function problemsOf(
  current: ImageStream | undefined,
  input: ImageStream,
  { registries = NO_POLICY }: WriteContext,
): readonly FieldCause[] {
  const causes = validateImageStream(input);
  return causes.length > 0 ? causes : forbiddenSources(current, input, registries);
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
  const causes = problemsOf(current, input, context);
  if (causes.length > 0) return { ok: false, causes };
  const tags = mergeTags(current, input);
  const specChanged =
    JSON.stringify(comparable({ ...input, spec: { ...input.spec, ...withTags(tags.merged) } })) !==
    JSON.stringify(comparable(current));
  const generation = (current.metadata.generation ?? 0) + (specChanged ? 1 : 0);
  const stamped = tags.merged.map((tag) =>
    tags.fresh.has(tag.name) ? { ...tag, generation } : tag,
  );
  const after: ImageStream = {
    ...input,
    metadata: replacedMetadata(current, input, generation),
    spec: { ...input.spec, ...withTags(stamped) },
    status: {
      ...withoutEmptyTags(current.status),
      dockerImageRepository: emptyStatus(input).dockerImageRepository,
    },
  };
  return written(current, after, { ...context, fresh: tags.fresh, forced: tags.forced });
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
  readonly fresh: ReadonlySet<string>;
  readonly forced: ReadonlySet<string>;
}

function written(
  before: ImageStream | undefined,
  wanted: ImageStream,
  context: WrittenContext,
): StreamWrite {
  const { now, fresh, sources = [] } = context;
  const copied = copyTags(before, wanted, { now, historyLimit: EVENTS_KEPT, fresh, sources });
  if (!copied.ok) return copied;
  const followed = followTags(before, copied.stream, { now, historyLimit: EVENTS_KEPT, fresh });
  const after = followed.stream;
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
    history: [...copied.history, ...followed.history],
    receipts: [],
  };
  return { ok: true, change };
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
