import type { ObjectMeta } from '@tagtrail/apimachinery';
import {
  type CheckState,
  type Freshness,
  type ImageStream,
  statusTag,
} from '@tagtrail/image-stream';
import type { FreshnessJudge } from './freshness-reader.ts';

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
  readonly freshness: ShownFreshness;
}

/** How far what is recorded can be believed to be what the registry has. */
export interface ShownFreshness {
  readonly state: Freshness['state'];
  /** `Stale`: since when a look is due; `Failing`: since when looks fail, where that is known. */
  readonly since?: string;
  /** `Blocked`: when the registry may be asked again. */
  readonly until?: string;
  /** `Failing`: of the last look. */
  readonly reason?: string;
}

/** Writes a stream's check states in the API's words; fences and generations are the writer's own matter. */
export function describeCheck(
  stream: ImageStream,
  states: ReadonlyMap<string, CheckState>,
  judge: FreshnessJudge,
): ImageStreamCheck {
  const { name, namespace, uid } = stream.metadata;
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
      .map(([tag, state]) => describeTag(tag, state, judge(state, failingSince(stream, tag)))),
  };
}

function describeTag(tag: string, state: CheckState, freshness: Freshness): TagCheck {
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
    freshness: showFreshness(freshness),
  };
}

function showFreshness(freshness: Freshness): ShownFreshness {
  const since = 'since' in freshness ? formatTime(freshness.since ?? null) : null;
  const until = 'until' in freshness ? formatTime(freshness.until) : null;
  return {
    state: freshness.state,
    ...(since !== null && { since }),
    ...(until !== null && { until }),
    ...('reason' in freshness && { reason: freshness.reason }),
  };
}

function failingSince(stream: ImageStream, tag: string): number | undefined {
  const conditions = statusTag(stream, tag)?.conditions;
  const written = conditions?.find(({ status }) => status === 'False')?.lastTransitionTime;
  const time = Date.parse(written ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** A number that is no date must not keep anybody from the rest of the list: nothing is known of that time. */
function formatTime(ms: number | null): string | null {
  const time = new Date(ms ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
