import type { MetricName, Metrics } from '@tagtrail/observability';
import type { ServedCertificate } from '@tagtrail/tls-server';
import type { FreshValue } from '../fresh-value.ts';
import type { QueueReport } from './queue-report.ts';

export interface GaugeParts {
  readonly report: FreshValue<QueueReport>;
  readonly watches: { readonly count: number };
  readonly certificate: Pick<ServedCertificate, 'expires'> | undefined;
}

interface ReportGauge<V> {
  readonly name: MetricName;
  readonly help: string;
  readonly value: (report: QueueReport) => V;
}

const PLAIN: readonly ReportGauge<number>[] = [
  {
    name: 'tagtrail_due_lag_seconds',
    help: 'How late the earliest due tag is that no job has taken.',
    value: ({ schedule }) => schedule.lag / 1_000,
  },
  {
    name: 'tagtrail_results_backlog',
    help: 'Import results that are not in the records yet, read by a writer or not.',
    value: ({ results }) => Math.max(0, results.lag) + results.pending,
  },
  {
    name: 'tagtrail_results_dead_letters',
    help: 'Import results that could not be written and were put aside.',
    value: ({ results }) => results.deadLetters,
  },
];

const BY_STATE: readonly ReportGauge<Readonly<Record<string, number>>>[] = [
  {
    name: 'tagtrail_jobs',
    help: 'Import jobs in the queue by state.',
    value: ({ queue: { oldestWait: _, ...counts } }) => counts,
  },
  {
    name: 'tagtrail_requested_jobs',
    help: 'Jobs of requested imports in their queue by state.',
    value: ({ requested: { oldestWait: _, ...counts } }) => counts,
  },
  {
    name: 'tagtrail_schedule_tags',
    help: 'Tags in the schedule by state; leased ones have a job on its way.',
    value: ({ schedule: { scheduled, due, leased } }) => ({ scheduled, due, leased }),
  },
];

/** Registers what is looked up whenever metrics are read. A number that can't be had is left out, never shown as 0. */
export function registerGauges(metrics: Metrics, parts: GaugeParts): void {
  const { report, watches, certificate } = parts;
  // The request for the metrics is answered all the same; missing numbers are the news.
  const read = () => report.get().catch(() => undefined);
  for (const { name, help, value } of PLAIN) {
    metrics.gauge({
      name,
      help,
      async collect() {
        const current = await read();
        if (current === undefined) this.remove();
        else this.set(value(current));
      },
    });
  }
  for (const { name, help, value } of BY_STATE) {
    metrics.gauge({
      name,
      help,
      labelNames: ['state'],
      async collect() {
        const current = await read();
        this.reset();
        const counts = Object.entries(current === undefined ? {} : value(current));
        for (const [state, count] of counts) this.set({ state }, count);
      },
    });
  }
  metrics.gauge({
    name: 'tagtrail_watchers',
    help: 'Open watches, the live moves of the status page included.',
    collect() {
      this.set(watches.count);
    },
  });
  if (certificate === undefined) return;
  metrics
    .gauge({
      name: 'tagtrail_api_certificate_expires_timestamp_seconds',
      help: 'When the certificate of the API ends, in seconds since the epoch.',
    })
    .set(certificate.expires / 1_000);
}
