import { Alert } from '@patternfly/react-core';
import type { Overview } from '@tagtrail/api-client';
import { formatAge } from '../format/duration.ts';
import { describeService, inOrder, SERVICE_DUTIES, SERVICE_NAMES } from './service-rows.ts';

/** Which processes are missing, and what that means; nothing while all are there. */
export function MissingAlert({ overview }: { readonly overview: Overview }) {
  const silent = inOrder(overview.services).filter(({ missing }) => missing);
  if (silent.length === 0 && overview.missing.length === 0) return null;
  return (
    <Alert
      variant="danger"
      isInline
      isLiveRegion
      component="h2"
      title={titleOf(overview.missing, silent.length)}
      data-testid="missing"
    >
      <ul className="tagtrail-missing">
        {overview.missing.map((service) => (
          <li key={service} data-missing-service={service}>
            No {lowerName(service)} is running: {SERVICE_DUTIES[service] ?? 'its work is not done'}.
          </li>
        ))}
        {silent.map((service) => (
          <li key={service.id} data-missing-id={service.id}>
            {describeService(service)}: last heard of {formatAge(service.beatAgeMs)}.
          </li>
        ))}
      </ul>
    </Alert>
  );
}

function titleOf(missing: readonly string[], silent: number): string {
  if (missing.length > 0) return `Not running: ${missing.map(lowerName).join(', ')}`;
  return silent === 1 ? 'A process is missing' : `${silent} processes are missing`;
}

function lowerName(service: string): string {
  return service === 'api' ? 'API' : (SERVICE_NAMES[service] ?? service).toLowerCase();
}
