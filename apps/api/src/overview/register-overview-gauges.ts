import { type Metrics, SERVICES } from '@tagtrail/observability';
import type { Overview } from './overview.ts';
import type { OverviewReader } from './overview-reader.ts';
import type { ProgressClock } from './progress-clock.ts';
import { registerFreshnessGauges } from './register-freshness-gauges.ts';

export interface OverviewGaugeParts {
  readonly reader: Pick<OverviewReader, 'get'>;
  readonly clock: ProgressClock;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** Registers what alerts look at. A number that can't be had is left out, never shown as 0. */
export function registerOverviewGauges(metrics: Metrics, parts: OverviewGaugeParts): void {
  const read = () => parts.reader.get().catch(() => undefined);
  registerServices(metrics, read);
  registerOutcomes(metrics, read);
  registerFreshnessGauges(metrics, read);
  registerMemory(metrics, read);
  metrics.gauge({
    name: 'tagtrail_no_progress_seconds',
    help: 'For how long tags were due, or jobs or results were on their way, without any result being recorded, as far as this process has seen; 0 when there is nothing to do.',
    collect() {
      this.set(parts.clock.stillFor(parts.now()) / 1_000);
    },
  });
}

type Read = () => Promise<Overview | undefined>;

function registerServices(metrics: Metrics, read: Read): void {
  metrics.gauge({
    name: 'tagtrail_services',
    help: 'Processes by service: live ones sent a heartbeat in the last three seconds; missing ones stopped without saying so, in the last ten minutes, and none was started in their place.',
    labelNames: ['service', 'state'],
    async collect() {
      const overview = await read();
      this.reset();
      for (const name of overview === undefined ? [] : SERVICES) {
        const own = overview?.services.filter(({ service }) => service === name) ?? [];
        const missing = own.filter((service) => service.missing).length;
        this.set({ service: name, state: 'live' }, own.length - missing);
        this.set({ service: name, state: 'missing' }, missing);
      }
    },
  });
}

function registerOutcomes(metrics: Metrics, read: Read): void {
  metrics.gauge({
    name: 'tagtrail_tags',
    help: 'Tags by the outcome of their last look: imported, unchanged, never (not looked at yet), or the reason of the failure.',
    labelNames: ['outcome'],
    async collect() {
      const overview = await read();
      this.reset();
      for (const [outcome, count] of Object.entries(overview?.outcomes ?? {})) {
        this.set({ outcome }, count);
      }
    },
  });
}

function registerMemory(metrics: Metrics, read: Read): void {
  metrics.gauge({
    name: 'tagtrail_redis_used_memory_bytes',
    help: 'Memory that Redis uses.',
    async collect() {
      const redis = (await read())?.redis;
      if (redis === undefined) this.remove();
      else this.set(redis.usedBytes);
    },
  });
  metrics.gauge({
    name: 'tagtrail_redis_max_memory_bytes',
    help: 'Memory that Redis may use (maxmemory); 0 = unlimited.',
    async collect() {
      const redis = (await read())?.redis;
      if (redis === undefined) this.remove();
      else this.set(redis.maxBytes);
    },
  });
  metrics.gauge({
    name: 'tagtrail_redis_system_memory_bytes',
    help: 'Memory of the machine that Redis runs on.',
    async collect() {
      const bytes = (await read())?.redis?.systemBytes;
      if (bytes === undefined) this.remove();
      else this.set(bytes);
    },
  });
}
