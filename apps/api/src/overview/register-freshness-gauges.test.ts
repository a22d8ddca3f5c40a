import { createMetrics } from '@tagtrail/observability';
import { expect, it } from 'vitest';
import { anOverview, IDLE_REPORT, OVERVIEW_TIME } from '../testing/an-overview.ts';
import type { Overview } from './overview.ts';
import { registerFreshnessGauges } from './register-freshness-gauges.ts';

const REASON = 'it answered 429 Too Many Requests';

function aHost(host: string, overdueFor: number) {
  return { host, scheduled: 9, due: 1, leased: 0, stale: 0, blocked: 0, overdueFor };
}

async function textOf(overview: Overview | undefined): Promise<string> {
  const metrics = createMetrics('api');
  registerFreshnessGauges(metrics, async () => overview);
  return (await metrics.render()).body;
}

it('tells how late each registry is, and how long it is left alone', async () => {
  const hosts = [aHost('quay.io', 0), aHost('docker.io', 90_500)];
  const until = OVERVIEW_TIME + 600_000;
  const coolDowns = [{ host: 'docker.io', until, reason: REASON, strikes: 0 }];
  const schedule = { ...IDLE_REPORT.schedule, hosts, coolDowns, stale: 1, blocked: 4 };
  const text = await textOf(anOverview([], { schedule }));
  expect(text).toMatch(/tagtrail_staleness_seconds\{registry="docker\.io".*\} 90\.5/u);
  expect(text).toMatch(/tagtrail_staleness_seconds\{registry="quay\.io".*\} 0/u);
  expect(text).toMatch(/tagtrail_registry_cool_down_seconds\{registry="docker\.io".*\} 600/u);
  expect(text).not.toMatch(/tagtrail_registry_cool_down_seconds\{registry="quay/u);
  expect(text).toMatch(/tagtrail_tags_by_freshness\{freshness="Blocked".*\} 4/u);
  expect(text).toMatch(/tagtrail_tags_by_freshness\{freshness="Stale".*\} 1/u);
});

it('tells the hundred registries that wait for longest, however many there are', async () => {
  const hosts = Array.from({ length: 150 }, (_, at) => aHost(`r${at}.example`, at));
  const text = await textOf(anOverview([], { schedule: { ...IDLE_REPORT.schedule, hosts } }));
  expect(text.match(/tagtrail_staleness_seconds\{/gu)).toHaveLength(100);
  expect(text).toContain('registry="r149.example"');
  expect(text).not.toContain('registry="r49.example"');
});

it('tells nothing when there is nothing to tell from', async () => {
  expect(await textOf(undefined)).not.toMatch(/^tagtrail_(tags|stale|registry)/mu);
});
