import { type Heartbeat, isMissing, SERVICES } from '@tagtrail/observability';

/** A process, with what can be made of its beats. */
export interface ObservedService extends Heartbeat {
  /** It stopped beating without leaving, and none started in its place. */
  readonly missing: boolean;
  /** ms since its last beat. */
  readonly beatAgeMs: number;
}

/**
 * The processes of an installation, sorted by service, machine and start. A silent one whose place a younger process of
 * the same service took is left out: it was restarted, and is no trouble any more; if that one is silent too, it stands
 * for both. `now` in ms since the epoch.
 */
export function observeServices(
  heartbeats: readonly Heartbeat[],
  now: number,
): readonly ObservedService[] {
  const observed = heartbeats.map((heartbeat) => ({
    ...heartbeat,
    missing: isMissing(heartbeat, now),
    beatAgeMs: Math.max(0, now - heartbeat.sentAt),
  }));
  const successors = [...observed];
  const silent = observed.filter(({ missing }) => missing).sort((a, b) => b.sentAt - a.sentAt);
  const unreplaced = silent.filter((gone) => !takeSuccessor(gone, successors));
  const live = observed.filter(({ missing }) => !missing);
  return [...live, ...unreplaced].sort(
    (a, b) =>
      SERVICES.indexOf(a.service) - SERVICES.indexOf(b.service) ||
      a.host.localeCompare(b.host) ||
      a.startedAt - b.startedAt,
  );
}

/** Each process takes the place of one that was gone before it started, at most. */
function takeSuccessor(gone: ObservedService, successors: ObservedService[]): boolean {
  const at = successors.findIndex(
    (one) => one !== gone && one.service === gone.service && one.startedAt >= gone.sentAt,
  );
  if (at >= 0) successors.splice(at, 1);
  return at >= 0;
}
