import type { Overview, OverviewService } from '@tagtrail/api-client';
import { formatAge, formatSpan } from '@tagtrail/apimachinery';
import { humanSize } from '../describe/human-size.ts';
import type { TableColumn } from '../terminal/table.ts';

/** A process, or the lack of any of its service. */
export type ServiceRow = OverviewService | { readonly service: string };

/** Marks a row as bad news; searched for where colours are put on. */
export const FAILING = 'FAILING';

/** Services as they come in the overview, those without any process last. */
export function serviceRows({ services, missing }: Overview): readonly ServiceRow[] {
  const absent = missing.filter((name) => !services.some(({ service }) => service === name));
  return [...services, ...absent.map((service) => ({ service }))];
}

/** The columns of the processes. `now` in ms since the epoch, by the API's clock. */
export function serviceColumns(now: number): readonly TableColumn<ServiceRow>[] {
  const column = (header: string, cell: (row: OverviewService) => string, otherwise = '-') => ({
    header,
    cell: (row: ServiceRow) => ('id' in row ? cell(row) : otherwise),
  });
  return [
    { header: 'SERVICE', cell: ({ service }) => service },
    column('HOST', ({ host }) => host),
    column('PID', ({ pid }) => String(pid)),
    column('VERSION', ({ version }) => version),
    column('UP', ({ startedAt }) => formatAge(now - startedAt).toLowerCase()),
    column('MEMORY', ({ memoryBytes }) => humanSize(memoryBytes)),
    column('CPU', ({ cpuShare }) => `${Math.round(cpuShare * 100)} %`),
    column('LAST BEAT', describeBeat, `${FAILING}: not running`),
    column('WORK', describeWork, ''),
  ];
}

function describeBeat({ missing, beatAgeMs }: OverviewService): string {
  const age = formatSpan(beatAgeMs);
  return missing ? `${FAILING}: none for ${age}` : `${age} ago`;
}

/** What it does, from its figures; of a missing one they are of the past. */
function describeWork({ service, figures, missing }: OverviewService): string {
  if (missing) return '';
  const rate = (name: string) => formatRate(figures[name] ?? 0);
  switch (service) {
    case 'api':
      return `${rate('requestsPerSecond')} requests/s, ${figures['watchers'] ?? 0} watching`;
    case 'registry':
      return `${rate('requestsPerSecond')} requests/s`;
    case 'producer':
      return `${rate('enqueuedPerSecond')} jobs/s`;
    case 'worker':
      return `${rate('looksPerSecond')} looks/s, ${figures['active'] ?? 0} of ${figures['concurrency'] ?? 0} busy`;
    case 'status-writer':
      return `${rate('recordedPerSecond')} results/s`;
  }
}

/** A rate as people read it: `0`, `0.3`, `12`. */
export function formatRate(perSecond: number): string {
  if (perSecond === 0) return '0';
  return perSecond < 10 ? perSecond.toFixed(1) : String(Math.round(perSecond));
}
