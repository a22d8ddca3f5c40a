import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readDocument } from '../docs/read-documents.ts';
import { openExpiringApi } from './alerts-expiring-api.ts';
import { DEPLOYED } from './alerts-prometheus.ts';
import { quickRules, readRules } from './alerts-rules.ts';
import {
  describeAlert,
  openWatchedTagtrail,
  pause,
  type WatchedTagtrail,
} from './alerts-surroundings.ts';
import { type AppName, eventually } from './installation.ts';
import { outputOf, programsOnPath } from './real-programs.ts';

/** ms for which a well installation must stay without any alert: longer than the windows and waits of the quick rules. */
const QUIET_SPAN = 20_000;
/** ms for a number to appear: some begin with the first thing that they count. */
const NUMBER_LIMIT = 60_000;

const text = readFileSync(join(DEPLOYED, 'tagtrail-alerts.yml'), 'utf8');
const rules = readRules(text);
/** Alerts that a test below has seen firing. */
const provoked = new Set<string>();

describe('the rule file', () => {
  const promtool = (...args: readonly string[]) => {
    const [program = ''] = programsOnPath('promtool');
    return outputOf(program, args, { home: '/nonexistent' });
  };

  it('is one that Prometheus takes, and so is the scrape configuration', async () => {
    const checked = await promtool('check', 'rules', join(DEPLOYED, 'tagtrail-alerts.yml'));
    expect(checked).toContain(`SUCCESS: ${rules.length} rules found`);
    const file = join(DEPLOYED, 'prometheus.yml');
    // Its token is yours, so the check without the files that it names.
    expect(await promtool('check', 'config', '--syntax-only', file)).toContain('SUCCESS');
  });

  it('passes its unit tests', async () => {
    const file = join(DEPLOYED, 'tagtrail-alerts-test.yml');
    expect(await promtool('test', 'rules', file)).toContain('SUCCESS');
  });

  it('leads from every alert to a heading of the document', () => {
    const headings = [...readDocument('docs/operations.md').text.matchAll(/^#+ (\w+)$/gm)];
    const anchors = headings.map(([, heading = '']) => heading.toLowerCase());
    for (const { alert, annotations, labels } of rules) {
      expect(annotations['runbook'], alert).toBe(`docs/operations.md#${alert.toLowerCase()}`);
      expect(anchors, alert).toContain(alert.toLowerCase());
      expect(['critical', 'warning'], alert).toContain(labels['severity']);
    }
  });

  it('is provoked with nothing but its times shortened', () => {
    const timeless = (yaml: string) =>
      readRules(yaml).map(({ for: _, ...rule }) => ({
        ...rule,
        expr: rule.expr.replace(/\[\d+[smhd]\]/g, '[]'),
      }));
    expect(timeless(quickRules(text))).toEqual(timeless(text));
  });
});

describe('a running Tagtrail under a real Prometheus', () => {
  let watched: WatchedTagtrail;
  beforeAll(async () => {
    watched = await openWatchedTagtrail();
    await watched.calm();
  });
  afterAll(async () => {
    await watched?.[Symbol.asyncDispose]();
  });
  // Every alert goes away again by itself once its cause is repaired, and so do those that came along.
  afterEach(() => watched.calm());

  const fires = async (name: string, labels?: Readonly<Record<string, string>>) => {
    const alert = await watched.fires(name, labels);
    provoked.add(name);
    return alert;
  };
  /** Not those that are about to: a machine that is busy misses a scrape now and then, and `for:` is there for that. */
  const firing = async () =>
    (await watched.prometheus.alerts()).filter(({ state }) => state === 'firing');
  const pauseApp = (name: AppName) => pause(watched.app(name).child.pid);

  it('has every number that the rules ask for, and no alert while it is well', async () => {
    const names = new Set(text.replace(/#.*$/gm, '').match(/\btagtrail_\w+/g));
    for (const name of names) {
      if (name === 'tagtrail_api_certificate_expires_timestamp_seconds') continue; // without https there is none
      const isThere = async () => (await watched.prometheus.query(name)).length > 0 || undefined;
      await eventually(isThere, NUMBER_LIMIT).catch(() => expect.fail(`there is no ${name}`));
    }
    const end = performance.now() + QUIET_SPAN;
    await eventually(async () => {
      expect((await firing()).map(describeAlert)).toEqual([]);
      return performance.now() > end ? true : undefined;
    }, QUIET_SPAN * 2);
    expect(await watched.prometheus.query('sum(rate(tagtrail_results_total[10s]))')).not.toEqual([
      0,
    ]);
  });

  it('without a working producer: due lag, no progress, service missing, target down', async () => {
    using _ = pauseApp('producer');
    await fires('TagtrailServiceMissing', { service: 'producer' });
    await fires('TagtrailTargetDown', { instance: watched.instance('producer') });
    await fires('TagtrailNoProgress');
    const { annotations } = await fires('TagtrailDueLag');
    expect(annotations['summary']).toMatch(/^Tags are looked at 1m \d+s late$/);
  });

  it('with status writers that stand still: results backlog, then backpressure', async () => {
    using _ = pauseApp('status-writer');
    await fires('TagtrailResultsBacklog');
    await fires('TagtrailBackpressure');
    await fires('TagtrailServiceMissing', { service: 'status-writer' });
  });

  it('with a registry that hangs: that host fails, and nothing else', async () => {
    const [, hung] = watched.registries;
    hung.faults.set({ route: 'manifest' }, { hang: true });
    await fires('TagtrailHostFailing', { registry: hung.host });
    const alerts = (await firing()).map(({ labels }) => [labels['alertname'], labels['registry']]);
    expect(alerts).toEqual([['TagtrailHostFailing', hung.host]]);
    hung.faults.clear();
  });

  it('with a few failing tags among many: no alert', async () => {
    const [registry] = watched.registries;
    const rule = registry.faults.set({ reference: 'v7' }, { status: 500 });
    await eventually(async () => (rule.applied >= 10 ? true : undefined), 60_000);
    expect(await firing()).toEqual([]);
    registry.faults.clear();
  });

  it('with results that cannot be read: dead letters, until somebody deletes them', async () => {
    await watched.redis.xadd('{tagtrail}:results', '*', 'v', 'garbage');
    const { annotations } = await fires('TagtrailDeadLetters');
    expect(annotations['summary']).toBe('1 results could not be recorded and were put aside');
    await watched.redis.del('{tagtrail}:dead-letters');
  });

  it('with a Redis that is nearly full: Redis memory', async () => {
    const used = Number(/used_memory:(\d+)/.exec(await watched.redis.info('memory'))?.[1]);
    await watched.redis.config('SET', 'maxmemory', Math.round(used / 0.9));
    const { annotations } = await fires('TagtrailRedisMemory');
    expect(annotations['summary']).toMatch(/^Redis has used (8|9)\d(\.\d+)?% of its memory$/);
    await watched.redis.config('SET', 'maxmemory', 0);
  });

  it('with a worker that was killed: service missing, target down', async () => {
    await watched.app('worker').stop('SIGKILL');
    await fires('TagtrailServiceMissing', { service: 'worker' });
    await fires('TagtrailTargetDown', { instance: watched.instance('worker') });
    await watched.restart('worker');
  });

  it('with a registry that was killed: service missing, target down', async () => {
    await watched.app('registry').stop('SIGKILL');
    await fires('TagtrailServiceMissing', { service: 'registry' });
    await fires('TagtrailTargetDown', { instance: watched.instance('registry') });
    await watched.restart('registry');
  });

  it('with a Redis that does not answer: the numbers are missing', async () => {
    using _ = pause(watched.tagtrail.redis.pid);
    await fires('TagtrailNumbersMissing');
  });

  it('with a certificate of two days: its end', async () => {
    await using api = await openExpiringApi(watched.tagtrail);
    const own = Number(new URL(watched.tagtrail.server).port);
    watched.prometheus.setTargets('tagtrail-api', [own, api.port]);
    const { annotations } = await fires('TagtrailCertificateEnds');
    expect(annotations['summary']).toMatch(/^The certificate of the API ends in 1d 23h/);
    watched.prometheus.setTargets('tagtrail-api', [own]);
  });

  it('has provoked every alert there is', () => {
    expect([...provoked].sort()).toEqual(rules.map(({ alert }) => alert).sort());
  });
});
