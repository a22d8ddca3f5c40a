import type { ImageStream, TagReference } from './image-stream.ts';

/** The spec tags that a client sent, with the generations that are the server's. */
export interface MergedTags {
  readonly merged: readonly TagReference[];
  /** Tags that are new, or changed in a way that asks for an import or a copy: they get the stream's new generation. */
  readonly fresh: ReadonlySet<string>;
  /** Those of them that the client forced by generation 0. */
  readonly forced: ReadonlySet<string>;
}

/** Joins what is stored with what a client wants. Source: OpenShift stream strategy, generations of spec tags. */
export function mergeTags(current: ImageStream | undefined, input: ImageStream): MergedTags {
  const fresh = new Set<string>();
  const forced = new Set<string>();
  const known = new Map(current?.spec.tags?.map((tag) => [tag.name, tag]));
  const namespace = input.metadata.namespace ?? '';
  const merged = (input.spec.tags ?? []).map((tag) => {
    const old = known.get(tag.name);
    const asked = tag.generation === 0;
    if (asked) forced.add(tag.name);
    const generation = asked ? 0 : (old?.generation ?? null);
    const isNew = old === undefined || asked || generation === null;
    if (isNew || isTagChanged(old, tag, namespace)) fresh.add(tag.name);
    return { ...tag, generation };
  });
  return { merged, fresh, forced };
}

/** Only these ask for a new import; `from.kind` is not compared. Source: OpenShift, "tag changed". */
function isTagChanged(old: TagReference, tag: TagReference, namespace: string): boolean {
  return (
    tag.from !== undefined &&
    tag.from !== null &&
    (tag.from.name !== old.from?.name ||
      (tag.from.namespace || namespace) !== (old.from?.namespace || namespace) ||
      (tag.reference ?? false) !== (old.reference ?? false) ||
      tag.importPolicy.importMode !== old.importPolicy.importMode)
  );
}
