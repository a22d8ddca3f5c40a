import type { ImageStreamCheck, TagFreshness } from '@tagtrail/api-client';
import { describeFreshness, describeWorst, LISTING_TAG } from '@tagtrail/image-stream';

/** A tag's freshness in a cell of a table; `-` where the API does not tell. `now` in ms since the epoch. */
export function tellFreshness(freshness: TagFreshness | undefined, now: number): string {
  if (freshness === undefined) return '-';
  const { state, since = '', until = '', reason = '' } = freshness;
  switch (state) {
    case 'Stale':
      return describeFreshness({ state, since: Date.parse(since) }, now);
    case 'Blocked':
      return describeFreshness({ state, until: Date.parse(until) }, now);
    case 'Failing':
      return `${state} (${reason})`;
    default:
      return state;
  }
}

/** `namespace/name` of a stream → its check. */
export type KnownChecks = ReadonlyMap<string, ImageStreamCheck>;

interface Named {
  readonly namespace?: string;
  readonly name: string;
}

export function knownChecks(checks: readonly ImageStreamCheck[]): KnownChecks {
  return new Map(checks.map((check) => [keyOf(check.metadata), check]));
}

/** The worst of a stream's tags. */
export function streamFreshness(checks: KnownChecks, stream: Named): string {
  const tags = checks.get(keyOf(stream))?.tags ?? [];
  const states = tags.flatMap(({ tag, freshness }) =>
    tag === LISTING_TAG || freshness === undefined ? [] : [freshness.state],
  );
  return describeWorst(states);
}

/** That of one tag, an object named `stream:tag`; empty for one that nothing looks at. */
export function tagFreshness(checks: KnownChecks, { namespace, name }: Named, now: number): string {
  const [stream = '', tag] = name.split(':');
  const key = keyOf({ name: stream, ...(namespace !== undefined && { namespace }) });
  const check = checks.get(key)?.tags.find((one) => one.tag === tag);
  return check === undefined ? '' : tellFreshness(check.freshness, now);
}

function keyOf({ namespace = '', name }: Named): string {
  return `${namespace}/${name}`;
}
