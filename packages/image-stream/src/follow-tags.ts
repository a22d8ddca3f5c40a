import type { ImageStream, TagEvent } from './image-stream.ts';
import { statusTag } from './importable.ts';
import { type EventContext, StatusEvents, type StreamWithEvents } from './status-events.ts';
import { parseTagSource } from './upsert-tag-source.ts';

export interface FollowContext extends EventContext {
  /** Tags whose definition is new: they take what their source points to now, whether or not that has moved. */
  readonly fresh?: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Lets the tags that name another tag of the same stream as their source go where that one went between `before` and
 * `after`, and their followers after them. `reference` makes no difference: it only keeps the pull spec from being
 * rewritten, and within a stream none is. Pure; without a move it answers `after` itself.
 *
 * The generation of a follower's definition stays, as in OpenShift, although its event has that of the tag it follows:
 * nobody changed what it wants. So `spec.generation` and that of the newest event are equal when a tag was just defined
 * or imported, and the spec's is the lower one after it has followed. Only a higher one says that something is pending.
 * Source: OpenShift stream strategy, tracking tags, which leaves what becomes of long chains to chance.
 */
export function followTags(
  before: ImageStream | undefined,
  after: ImageStream,
  context: FollowContext,
): StreamWithEvents {
  const { fresh = NONE } = context;
  const sources = followedTags(after);
  const events = new StatusEvents(after, context);
  const order = sourcesFirst(sources);
  // Once is enough for every chain. In a circle, the first tag hears of the last one only in a second round, after
  // which all of them point to the same image.
  for (const [tag, source] of [...order, ...order]) {
    const head = events.head(source);
    if (head === undefined) continue;
    if (fresh.has(tag)) {
      events.add(tag, { ...head, generation: after.metadata.generation ?? 1 });
    } else if (hasMoved(before, source, head)) {
      events.add(tag, head);
    }
  }
  return events.written();
}

type Follower = readonly [tag: string, source: string];

/** Which tag of the stream each of its spec tags follows. */
function followedTags({ metadata, spec }: ImageStream): ReadonlyMap<string, string> {
  const { namespace = '', name } = metadata;
  const followers = (spec.tags ?? []).flatMap((tag): Follower[] => {
    const parsed = parseTagSource(tag, { namespace, name });
    const source = parsed.ok ? parsed.source : undefined;
    return source?.kind === 'tag' && source.isOwn ? [[tag.name, source.name]] : [];
  });
  return new Map(followers);
}

/** Every tag after the one it follows; a circle begins anywhere. */
function sourcesFirst(sources: ReadonlyMap<string, string>): readonly Follower[] {
  const ordered = new Map<string, string>();
  for (const start of sources.keys()) {
    const chain = new Map<string, string>();
    let tag = start;
    let source = sources.get(tag);
    while (source !== undefined && !ordered.has(tag) && !chain.has(tag)) {
      chain.set(tag, source);
      tag = source;
      source = sources.get(tag);
    }
    for (const [follower, followed] of [...chain].reverse()) ordered.set(follower, followed);
  }
  return [...ordered];
}

function hasMoved(before: ImageStream | undefined, tag: string, head: TagEvent): boolean {
  const old = before && statusTag(before, tag)?.items?.[0];
  return (
    old === undefined ||
    old.dockerImageReference !== head.dockerImageReference ||
    old.image !== head.image ||
    old.generation !== head.generation
  );
}
