import type { Metrics } from '@tagtrail/observability';
import type { Overview } from './overview.ts';

/** Registries told of one by one: those that are worst off. More would cost whoever keeps the numbers more than it tells. */
const MAX_REGISTRIES = 100;

/** Answers undefined when there is no overview now. */
type Read = () => Promise<Overview | undefined>;

/** Registers how fresh tags are, and which registries keep them from it. */
export function registerFreshnessGauges(metrics: Metrics, read: Read): void {
  metrics.gauge({
    name: 'tagtrail_tags_by_freshness',
    help: 'Tags by how far their record can be believed: Fresh, Stale (a look has been due for more than a minute), Failing, Blocked (the registry asked to be left alone), Never (not looked at yet). A failing tag may be stale or blocked, too, and then counts twice.',
    labelNames: ['freshness'],
    async collect() {
      const overview = await read();
      this.reset();
      for (const [freshness, count] of Object.entries(overview?.freshness ?? {})) {
        this.set({ freshness }, count);
      }
    },
  });
  registerByRegistry(metrics, read, {
    name: 'tagtrail_staleness_seconds',
    help: 'For how long the longest overdue tag of a registry waits that no job has taken, cool-down or not; 0 when none is. The 100 registries with the longest waits.',
    values: ({ schedule }) =>
      schedule.hosts.map(({ host, overdueFor }) => ({ registry: host, ms: overdueFor })),
  });
  registerByRegistry(metrics, read, {
    name: 'tagtrail_registry_cool_down_seconds',
    help: 'For how long a registry is still left alone, because it asked for it; absent for all others. The 100 longest.',
    values: ({ schedule, at }) =>
      schedule.coolDowns.map(({ host, until }) => ({
        registry: host,
        ms: Math.max(0, until - Date.parse(at)),
      })),
  });
}

interface RegistryGauge {
  readonly name: `tagtrail_${string}`;
  readonly help: string;
  readonly values: (
    overview: Overview,
  ) => readonly { readonly registry: string; readonly ms: number }[];
}

function registerByRegistry(metrics: Metrics, read: Read, { name, help, values }: RegistryGauge) {
  metrics.gauge({
    name,
    help,
    labelNames: ['registry'],
    async collect() {
      const overview = await read();
      this.reset();
      const worst = overview === undefined ? [] : values(overview).toSorted((a, b) => b.ms - a.ms);
      for (const { registry, ms } of worst.slice(0, MAX_REGISTRIES)) {
        this.set({ registry }, ms / 1_000);
      }
    },
  });
}
