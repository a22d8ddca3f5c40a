import type { CheckState } from './check-state.ts';
import type { ImageStream, TagReference } from './image-stream.ts';
import { importNeeds } from './import-needs.ts';
import type { RequestedTag, TagOutcome } from './import-outcome.ts';
import { isImportable } from './importable.ts';

/** The tag as a requested import wants it: its source and import policy, over whatever else the tag has. */
export function requestedDefinition(
  tag: TagReference | undefined,
  { tag: name, from }: Pick<TagOutcome, 'tag' | 'from'>,
  requested: RequestedTag,
): TagReference {
  return {
    ...(tag ?? { name, annotations: null, referencePolicy: requested.referencePolicy }),
    from: { kind: 'DockerImage', name: from },
    importPolicy: requested.importPolicy,
  };
}

/** How a requested look relates to the tag as it is now. */
export type Acceptance =
  /** The tag asks for the very thing that was looked at: fences decide. */
  | 'same'
  /** The request defines or redefines the tag. */
  | 'new'
  /** Somebody edited or deleted it since the request was admitted. */
  | 'edited';

/** `stream` is the record before the commit; its insecure annotation counts for both definitions. */
export function acceptRequested(
  stream: ImageStream,
  tag: TagReference | undefined,
  wish: {
    readonly wanted: TagReference;
    readonly generation: number;
    readonly tagGeneration: number | undefined;
    readonly state: CheckState | undefined;
  },
): Acceptance {
  const { wanted, generation, tagGeneration, state } = wish;
  const isUntouched = generation === (state?.generation ?? 0);
  // A listing may have given the tag a check state without defining it.
  if (tag === undefined)
    return tagGeneration === undefined && (generation === 0 || isUntouched) ? 'new' : 'edited';
  if (state !== undefined && isImportable(tag)) {
    if (importNeeds(stream, tag) === importNeeds(stream, wanted)) return 'same';
    return isUntouched ? 'new' : 'edited';
  }
  return tagGeneration === (tag.generation ?? 0) ? 'new' : 'edited';
}
