import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { readNumbers } from './dashboard-numbers.ts';
import { type DashboardSurroundings, openDashboard } from './dashboard-surroundings.ts';
import { eventually, type RunningApp } from './installation.ts';

/** ms without news after which the numbers are called old, and until the page says so. */
const OLD_AFTER = 3_000;
const SAID_WITHIN = 2_000;
/** ms until the page is back after the API is: its longest pause, and time to connect on a busy machine. */
const BACK_WITHIN = 10_000;

/** ms until a reading that hangs is given up, and until the page calls its numbers old. */
const REDIS_NAMED_WITHIN = 10_000;

let dashboard: DashboardSurroundings;
let api: RunningApp;

beforeAll(async () => {
  dashboard = await openDashboard({ producer: 1, worker: 1, 'status-writer': 1 });
  api = await dashboard.tagtrail.start('api');
  await dashboard.moveTags();
});
afterEach(() => dashboard.closePages());
afterAll(() => dashboard[Symbol.asyncDispose]());

/** How many samples the first chart is drawn from, and how often its lines are broken. */
async function drawn(page: Page): Promise<{ readonly samples: number; readonly gaps: number }> {
  const chart = page.locator('.tagtrail-chart').first();
  const [samples, gaps] = await Promise.all([
    chart.getAttribute('data-samples'),
    chart.getAttribute('data-gaps'),
  ]);
  return { samples: Number(samples), gaps: Number(gaps) };
}

function untilSamples(page: Page, count: number) {
  return eventually(async () => {
    const now = await drawn(page);
    return now.samples >= count ? now : undefined;
  }, 60_000);
}

it('a connection that breaks costs nothing: the page asks for what came after the last event', async () => {
  await using cable = await openCable(dashboard.tagtrail.server);
  const { page, resumes } = await dashboard.visit({ server: cable.server });
  const before = await untilSamples(page, 5);
  cable.cut();
  await eventually(async () => (resumes.length > 1 ? true : undefined), BACK_WITHIN);
  const after = await untilSamples(page, before.samples + 5);
  expect(after.gaps).toBe(before.gaps);
  const [first, second] = resumes;
  expect(first).toBe('');
  expect(second).toMatch(/^[0-9a-f]+-\d+$/);
});

it('a Redis that hangs is named, though the API answers, and is over when it is', async () => {
  const { page } = await dashboard.visit();
  await untilSamples(page, 2);
  const { pid } = dashboard.tagtrail.redis;
  const lost = page.getByTestId('lost');
  process.kill(pid, 'SIGSTOP');
  try {
    await lost.getByText('Redis does not answer').waitFor({ timeout: REDIS_NAMED_WITHIN });
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await lost.waitFor({ state: 'detached', timeout: BACK_WITHIN });
});

it('an API that is away makes the numbers old; one that comes back makes them new, with a gap between', async () => {
  const { page, resumes } = await dashboard.visit();
  const { samples, gaps } = await untilSamples(page, 5);
  const { at, moves } = await readNumbers(page);
  await api.stop();
  const lost = page.getByTestId('lost');
  await lost.waitFor({ timeout: OLD_AFTER + SAID_WITHIN });
  expect(await lost.textContent()).toMatch(
    /No new numbers since \d\d:\d\d:\d\d.*The numbers below are old: they are from \d\d:\d\d:\d\d\. The reason: the API cannot be reached/,
  );
  expect(await page.getByTestId('live').textContent()).toBe('No news');
  expect((await readNumbers(page)).metrics['scheduled']).toBeGreaterThan(0);
  const run = resumes.at(-1)?.split('-')[0];

  api = await dashboard.tagtrail.start('api');
  await lost.waitFor({ state: 'detached', timeout: BACK_WITHIN });
  const back = await untilSamples(page, samples + 3);
  expect(back.gaps).toBe(gaps + 1);
  const now = await readNumbers(page);
  expect(Date.parse(now.at)).toBeGreaterThan(Date.parse(at));
  const known = now.moves.map(({ to }) => to);
  expect(moves.slice(0, 1).every(({ to }) => known.includes(to))).toBe(true);
  expect(resumes.at(-1)).toMatch(/^[0-9a-f]+-\d+$/);
  expect(run).toBeDefined();
});

it('while nothing has come yet, the page shows its shape, and then why nothing comes', async () => {
  await using cable = await openCable(dashboard.tagtrail.server);
  const { page } = await dashboard.visit({ server: cable.server });
  await page.route('**/overview?watch=true', () => undefined);
  await page.reload();
  await page.getByTestId('loading').waitFor();
  await page.getByText('There are no numbers to show yet.').waitFor({ timeout: BACK_WITHIN });
});

/** A way to the server that can be cut while both ends are well. */
async function openCable(server: string) {
  const { hostname, port } = new URL(server);
  const open = new Set<Socket>();
  const listener = createServer((near) => {
    const far = connect({ host: hostname, port: Number(port) });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  listener.listen(0, hostname);
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const cut = () => {
    for (const socket of open) socket.destroy();
    open.clear();
  };
  return {
    server: `http://${hostname}:${address.port}`,
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      listener.close();
      await once(listener, 'close');
    },
  };
}
