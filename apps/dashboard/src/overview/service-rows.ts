import type { OverviewService } from '@tagtrail/api-client';
import { formatRate } from '../format/quantity.ts';

type Kind = OverviewService['service'];

/** Workers first: they are what there may be more or fewer of. */
const ORDER: readonly Kind[] = ['worker', 'producer', 'status-writer', 'api', 'registry'];

/** The figure that says how much a service does, and the unit behind it. */
const RATES: Readonly<Record<Kind, { readonly figure: string; readonly unit: string }>> = {
  worker: { figure: 'looksPerSecond', unit: 'looks/s' },
  producer: { figure: 'enqueuedPerSecond', unit: 'jobs/s' },
  'status-writer': { figure: 'recordedPerSecond', unit: 'results/s' },
  api: { figure: 'requestsPerSecond', unit: 'requests/s' },
  registry: { figure: 'requestsPerSecond', unit: 'requests/s' },
};

/** What people call a service. */
export const SERVICE_NAMES: Readonly<Record<string, string>> = {
  worker: 'Worker',
  producer: 'Producer',
  'status-writer': 'Status writer',
  api: 'API',
  registry: 'Registry',
};

/** Workers first, then by host and process: rows stay where they are while numbers change. */
export function inOrder(services: readonly OverviewService[]): readonly OverviewService[] {
  return [...services].sort(
    (one, other) =>
      ORDER.indexOf(one.service) - ORDER.indexOf(other.service) ||
      one.host.localeCompare(other.host) ||
      one.pid - other.pid,
  );
}

/** `12.5 looks/s`; undefined when the process does not say. */
export function rateOf({ service, figures }: OverviewService): string | undefined {
  const { figure, unit } = RATES[service];
  const rate = figures[figure];
  return rate === undefined ? undefined : `${formatRate(rate)} ${unit}`;
}

/** The raw number behind `rateOf`. */
export function rawRateOf({ service, figures }: OverviewService): number | undefined {
  return figures[RATES[service].figure];
}

/** The live workers. */
export function liveWorkers(services: readonly OverviewService[]): readonly OverviewService[] {
  return services.filter(({ service, missing }) => service === 'worker' && !missing);
}
