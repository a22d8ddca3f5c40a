import type { ObjectMeta } from '@tagtrail/apimachinery';
import type { CheckState, ImageStream } from '@tagtrail/image-stream';

export const CHECK_API_VERSION = 'tagtrail.dev/v1';

/** What is known about looking at a stream's tags, sorted by tag. Times are RFC 3339 with milliseconds. */
export interface ImageStreamCheck {
  readonly kind: 'ImageStreamCheck';
  readonly apiVersion: typeof CHECK_API_VERSION;
  readonly metadata: ObjectMeta;
  readonly tags: readonly TagCheck[];
}

type ShownState = Pick<
  CheckState,
  | 'schedule'
  | 'suspended'
  | 'host'
  | 'attempts'
  | 'outcome'
  | 'message'
  | 'upstreamDigest'
  | 'image'
>;

export interface TagCheck extends ShownState {
  readonly tag: string;
  readonly lastChecked: string | null;
  readonly lastChanged: string | null;
  readonly nextDue: string | null;
}

/** Writes a stream's check states in the API's words; fences and generations are the writer's own matter. */
export function describeCheck(
  { metadata }: ImageStream,
  states: ReadonlyMap<string, CheckState>,
): ImageStreamCheck {
  const { name, namespace, uid } = metadata;
  return {
    kind: 'ImageStreamCheck',
    apiVersion: CHECK_API_VERSION,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
    },
    tags: [...states]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([tag, state]) => describeTag(tag, state)),
  };
}

function describeTag(tag: string, state: CheckState): TagCheck {
  const { schedule, suspended, host, attempts, outcome, message, upstreamDigest, image } = state;
  return {
    tag,
    schedule,
    suspended,
    host,
    lastChecked: formatTime(state.lastChecked),
    lastChanged: formatTime(state.lastChanged),
    nextDue: formatTime(state.nextDue),
    attempts,
    outcome,
    message,
    upstreamDigest,
    image,
  };
}

/** A number that is no date must not keep anybody from the rest of the list: nothing is known of that time. */
function formatTime(ms: number | null): string | null {
  const time = new Date(ms ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
