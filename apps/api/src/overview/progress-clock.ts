import type { Overview } from './overview.ts';

/** Tells for how long there was work and nothing of it got done, as seen by this process. */
export class ProgressClock {
  /** ms since the epoch; undefined while there is nothing to do. */
  #since: number | undefined;
  /** Results recorded by each status writer since its start, as it told last. */
  #recorded: ReadonlyMap<string, number> = new Map();

  note(overview: Overview): void {
    const recorded = recordedBy(overview);
    const before = this.#recorded;
    const isProgress = [...recorded].some(([id, count]) => count > (before.get(id) ?? 0));
    this.#recorded = recorded;
    const at = Date.parse(overview.at);
    if (!hasWork(overview)) this.#since = undefined;
    else if (isProgress) this.#since = at;
    else this.#since ??= at;
  }

  /** ms up to `now` (since the epoch) without a result recorded while tags were due; 0 when none are. */
  stillFor(now: number): number {
    return this.#since === undefined ? 0 : Math.max(0, now - this.#since);
  }
}

function recordedBy({ services }: Overview): ReadonlyMap<string, number> {
  const writers = services.filter(({ service }) => service === 'status-writer');
  return new Map(writers.map(({ id, figures }) => [id, figures['recorded'] ?? 0]));
}

/** A tag is due and may be looked at, a job is on its way, or a result is not recorded yet. */
function hasWork({ schedule, queue, results }: Overview): boolean {
  const jobs = queue.waiting + queue.active + queue.delayed;
  return (
    schedule.due > dueWhereLeftAlone(schedule) ||
    jobs > 0 ||
    Math.max(0, results.lag) + results.pending > 0
  );
}

/** Tags that are due at registries that asked to be left alone: nobody's work waits there. */
function dueWhereLeftAlone({ hosts, coolDowns }: Overview['schedule']): number {
  const leftAlone = new Set(coolDowns.map(({ host }) => host));
  return hosts.reduce((sum, { host, due }) => (leftAlone.has(host) ? sum + due : sum), 0);
}
