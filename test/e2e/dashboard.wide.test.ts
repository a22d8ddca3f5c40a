import { gzipSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import type { Overview } from '@tagtrail/api-client';
import { closeRedis, openRedis } from '@tagtrail/redis-connection';
import type { RegistrySimulator } from '@tagtrail/registry-simulator';
import type { Redis } from 'ioredis';
import type { Response } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage, signIn, type WatchedPage } from './dashboard-browser.ts';
import { expectedNumbers, readNumbers, type ShownNumbers } from './dashboard-numbers.ts';
import { followOverviews } from './dashboard-overviews.ts';
import {
  type DashboardSurroundings,
  FRESH,
  openDashboard,
  REPOSITORIES,
  shows,
} from './dashboard-surroundings.ts';
import { definition, digestsOf } from './definitions.ts';
import { eventually, type Installation, type RunningApp } from './installation.ts';

/** Bytes of script and style for the first page, compressed by gzip. */
const FIRST_PAGE = 350_000;

/** ms for the API to miss a process: 3 s without a beat, and a busy machine. */
const KNOWN_WITHIN = 15_000;

let dashboard: DashboardSurroundings;
let simulator: RegistrySimulator;
let tagtrail: Installation;
let redis: Redis;

beforeAll(async () => {
  dashboard = await openDashboard({ api: 1, producer: 1, 'status-writer': 1 });
  ({ simulator, tagtrail } = dashboard);
  redis = openRedis({ url: tagtrail.redis.url, name: 'test' });
});
afterAll(async () => {
  await closeRedis(redis);
  await dashboard[Symbol.asyncDispose]();
});

/** Until it is known there; what the page shows is measured from then on. */
function untilApiSays(isSo: (overview: Overview) => boolean) {
  return eventually(
    async () => (isSo(await tagtrail.client.overview()) ? true : undefined),
    KNOWN_WITHIN,
  );
}

describe('somebody who opens the page', () => {
  it('is asked for the token, and told when it is not the one', async () => {
    const watched = await openPage(dashboard.browser, tagtrail.server);
    const { page, problems } = watched;
    await page.goto(`${tagtrail.server}/`);
    const field = page.getByLabel('Token');
    await field.fill('not-the-token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    const problem = page.getByTestId('login-problem');
    await problem.waitFor();
    expect(await problem.textContent()).toContain('The API does not accept this token.');
    // Chromium itself writes every 401 into the console.
    expect(problems.every((one) => one.includes('status of 401'))).toBe(true);
    await field.fill('has spaces');
    await page.keyboard.press('Enter');
    await page.getByText('This is no token').waitFor();
    await field.fill(tagtrail.token);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await field.waitFor();
    await page.reload();
    await field.waitFor();
    await watched.close();
  });

  it('is told what to type while there are no tags, and that there is no worker', async () => {
    const watched = await dashboard.visit();
    const { page, problems } = watched;
    await page.getByTestId('no-tags').getByText('npx tagtrail tag').waitFor();
    const problem = page.locator('[data-problem="worker"]');
    await problem.waitFor();
    expect(await problem.textContent()).toBe(
      'No worker is running, so no tag is looked at. What to do: start one: tagtrail worker.',
    );
    const results = await new AxeBuilder({ page }).analyze();
    expect(results.violations).toEqual([]);
    expect(problems).toEqual([]);
    await watched.close();
  });

  it('loads at most 350 KB of script and style, from here only, and nothing twice', async () => {
    const watched = await openPage(dashboard.browser, tagtrail.server);
    const { page } = watched;
    const loaded: Response[] = [];
    page.on('response', (response) => loaded.push(response));
    await signIn(watched, tagtrail.server, tagtrail.token);
    const code = loaded.filter((response) => /\.(js|css)$/.test(response.url()));
    const sizes = await Promise.all(
      code.map(async (response) => gzipSync(await response.body(), { level: 9 }).length),
    );
    const size = sizes.reduce((sum, one) => sum + one, 0);
    expect(size).toBeGreaterThan(50_000);
    expect(size).toBeLessThanOrEqual(FIRST_PAGE);
    expect(watched.problems).toEqual([]);
    loaded.length = 0;
    await page.reload();
    await page.locator('[data-metric="waiting"]').waitFor();
    const again = loaded.filter((response) => response.url().includes('/assets/'));
    const fetched = await Promise.all(
      again.map(async (response) => (await response.request().sizes()).responseBodySize),
    );
    expect(Math.max(0, ...fetched)).toBe(0);
    await watched.close();
  });
});

describe('while tags move', () => {
  let watched: WatchedPage;
  let workers: readonly RunningApp[];

  beforeAll(async () => {
    workers = [await tagtrail.start('worker'), await tagtrail.start('worker')];
    await dashboard.moveTags();
    watched = await dashboard.visit();
  });

  it('the page shows the numbers of the API, each second anew, within 2 s', async () => {
    const told = new Map<string, { readonly overview: Overview; readonly heard: number }>();
    const hear = (overview: Overview) => told.set(overview.at, { overview, heard: Date.now() });
    await using _following = followOverviews(tagtrail, hear);
    const compared = new Set<string>();
    await eventually(async () => {
      const shown = await readNumbers(watched.page);
      const late = [...told.values()].filter(({ overview }) => overview.at > shown.at);
      expect(late.filter(({ heard }) => Date.now() - heard > FRESH)).toEqual([]);
      const overview = told.get(shown.at)?.overview;
      if (overview === undefined) return undefined;
      expect({ at: shown.at, metrics: shown.metrics }).toEqual(expectedNumbers(overview));
      const processes = overview.services.map(({ id, memoryBytes }) => `${id} ${memoryBytes}`);
      expect(shown.processes.map(({ id, memory }) => `${id} ${memory}`).sort()).toEqual(
        processes.sort(),
      );
      return compared.add(shown.at).size >= 15 ? true : undefined;
    }, 60_000);
  });

  it('the page shows what Redis holds within 2 s', async () => {
    await eventually(async () => {
      const [outcomes, beats] = await Promise.all([
        redis.hgetall('{tagtrail}:outcomes'),
        redis.hkeys('{tagtrail}:heartbeats'),
      ]);
      expect(Number(outcomes['NotFound'])).toBe(REPOSITORIES.length);
      const tags = Object.values(outcomes).reduce((sum, count) => sum + Number(count), 0);
      expect(tags).toBe(2 * REPOSITORIES.length);
      await shows(watched, (shown) => {
        const { metrics, processes } = shown;
        return (
          metrics['outcome:NotFound'] === Number(outcomes['NotFound']) &&
          metrics['tags'] === tags &&
          metrics['scheduled'] === tags &&
          processes
            .map(({ id }) => id)
            .sort()
            .join() === [...beats].sort().join()
        );
      });
      return true;
    }, 30_000);
    const { text } = (await tagtrail.client.overview()).oneMoreWorker;
    const advice = await watched.page.getByTestId('one-more-worker').textContent();
    expect(advice?.toLowerCase()).toContain(text.slice(0, 3).toLowerCase());
  });

  it('a move is shown within 2 s of its record, with a digest that can be copied whole', async () => {
    const { page } = watched;
    const { digest } = simulator.push('shop/once', 'v1');
    const source = { v1: `${simulator.host}/shop/once:v1` };
    await tagtrail.client.streams.create(definition('once', source));
    await eventually(async () => {
      const stream = await tagtrail.client.streams.get({ namespace: 'demo', name: 'once' });
      return digestsOf(stream, 'v1')[0] === digest ? true : undefined;
    }, 10_000);
    await shows(watched, ({ moves }) => moves.some(({ to }) => to === digest));
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const row = page.locator(`tr[data-to="${digest}"]`);
    expect(await row.locator('code').getAttribute('title')).toBe(digest);
    await row.getByRole('button', { name: 'Copy what demo/once:v1 points to' }).click();
    await row.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(digest);
  });

  it('a killed worker is missed, and a new one is there, within 2 s of when that can be known', async () => {
    const [victim] = workers;
    const pid = String(victim?.child.pid);
    await victim?.stop('SIGKILL');
    const isMissed = ({ processes, metrics }: ShownNumbers) =>
      metrics['workers'] === 1 && processes.some(({ missing }) => missing);
    await untilApiSays(({ services }) => services.some(({ missing }) => missing));
    await shows(watched, isMissed);
    const alert = watched.page.getByTestId('problems');
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(
      new RegExp(`Something is wrong.*Worker ${pid} on .* has sent no heartbeat for .*What to do`),
    );
    const before = await redis.hkeys('{tagtrail}:heartbeats');
    const starting = tagtrail.start('worker');
    const added = await eventually(async () => {
      const now = await redis.hkeys('{tagtrail}:heartbeats');
      return now.find((id) => !before.includes(id));
    }, 30_000);
    await shows(watched, ({ processes }) => processes.some(({ id }) => id === added));
    workers = [...workers.slice(1), await starting];
    await shows(watched, ({ metrics }) => metrics['workers'] === 2);
  });

  it('without any worker, the jobs that wait in Redis are shown, and what that means', async () => {
    for (const worker of workers) await worker.stop('SIGKILL');
    const { page } = watched;
    await untilApiSays(({ missing }) => missing.includes('worker'));
    await page.locator('[data-problem="worker"]').waitFor({ timeout: FRESH });
    await eventually(async () => {
      const waiting = await redis.llen('{tagtrail-queue}:imports:wait');
      if (waiting === 0) return undefined;
      await shows(watched, ({ metrics }) => metrics['waiting'] === waiting);
      return true;
    }, 20_000);
    expect(await page.getByTestId('one-more-worker').textContent()).toMatch(/yes/i);
    workers = [await tagtrail.start('worker')];
    await shows(watched, ({ metrics }) => metrics['workers'] === 1, 2 * FRESH);
  });

  it('the page did nothing all the while that a page may not do', () => {
    expect(watched.problems).toEqual([]);
  });
});
