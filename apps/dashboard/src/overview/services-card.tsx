import { Card, CardBody, CardTitle, Label } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import type { Overview, OverviewService } from '@tagtrail/api-client';
import { formatAge, formatDuration } from '../format/duration.ts';
import { formatBytes, formatShare } from '../format/quantity.ts';
import { OneMoreWorkerNote } from './one-more-worker-note.tsx';
import { inOrder, rateOf, rawRateOf, SERVICE_NAMES } from './service-rows.ts';

const COLUMNS = {
  service: 'Process',
  host: 'Host',
  version: 'Version',
  rate: 'Rate',
  memory: 'Memory',
  cpu: 'CPU',
  uptime: 'Up for',
  heartbeat: 'Heartbeat',
};

export interface ServicesCardProps {
  readonly overview: Overview;
  /** ms since the epoch, on the API's clock. */
  readonly now: number;
}

/** Every process that beats, or stopped to without saying so, and whether another worker would help. */
export function ServicesCard({ overview, now }: ServicesCardProps) {
  return (
    <Card component="section" aria-labelledby="services-title">
      <CardTitle component="h2" id="services-title">
        Workers and other processes
      </CardTitle>
      <CardBody>
        <OneMoreWorkerNote overview={overview} />
        <Table
          role="table"
          variant="compact"
          gridBreakPoint="grid-lg"
          aria-labelledby="services-title"
        >
          <Thead>
            <Tr>
              {Object.entries(COLUMNS).map(([key, label]) => (
                <Th key={key}>{label}</Th>
              ))}
            </Tr>
          </Thead>
          <Tbody>
            {inOrder(overview.services).map((service) => (
              <Service key={service.id} service={service} now={now} />
            ))}
          </Tbody>
        </Table>
      </CardBody>
    </Card>
  );
}

function Service({ service, now }: { readonly service: OverviewService; readonly now: number }) {
  const { id, host, version, pid, memoryBytes, cpuShare, startedAt, missing } = service;
  return (
    <Tr data-service={service.service} data-id={id} data-pid={pid} data-missing={missing}>
      <Td dataLabel={COLUMNS.service}>
        <span>
          {SERVICE_NAMES[service.service]} <span className="tagtrail-quiet">{pid}</span>
        </span>
      </Td>
      <Td dataLabel={COLUMNS.host} modifier="breakWord">
        {host}
      </Td>
      <Td dataLabel={COLUMNS.version}>{version}</Td>
      <Td dataLabel={COLUMNS.rate} data-metric="rate" data-value={rawRateOf(service) ?? ''}>
        {missing ? '–' : (rateOf(service) ?? '–')}
      </Td>
      <Td dataLabel={COLUMNS.memory} data-metric="memory" data-value={memoryBytes}>
        {formatBytes(memoryBytes)}
      </Td>
      <Td dataLabel={COLUMNS.cpu}>{missing ? '–' : formatShare(cpuShare)}</Td>
      <Td dataLabel={COLUMNS.uptime}>
        {missing ? '–' : formatDuration(Math.max(0, now - startedAt))}
      </Td>
      <Td dataLabel={COLUMNS.heartbeat}>
        <span>
          <HeartbeatLabel service={service} />
        </span>
      </Td>
    </Tr>
  );
}

function HeartbeatLabel({ service }: { readonly service: OverviewService }) {
  const { missing, beatAgeMs } = service;
  return (
    <Label
      isCompact
      variant={missing ? 'filled' : 'outline'}
      status={missing ? 'danger' : 'success'}
    >
      {missing ? `missing, last ${formatAge(beatAgeMs)}` : formatAge(beatAgeMs)}
    </Label>
  );
}
