import {
  createTagMover,
  openRegistrySimulator,
  type RegistrySimulator,
} from '@tagtrail/registry-simulator';
import type { Browser } from 'playwright-core';
import { buildDashboard } from '../../apps/dashboard/build-dashboard.ts';
import {
  openBrowser,
  openPage,
  type PageOptions,
  signIn,
  type WatchedPage,
} from './dashboard-browser.ts';
import { REMEMBER_LABELS } from './dashboard-layout.ts';
import { readNumbers, type ShownNumbers } from './dashboard-numbers.ts';
import { definition } from './definitions.ts';
import { type AppName, eventually, type Installation, openInstallation } from './installation.ts';

/** ms between what is so and what the page shows. */
export const FRESH = 2_000;

/** Each has a tag that moves and one that its registry does not have. */
export const REPOSITORIES = ['shop/web', 'shop/api', 'shop/a-name-that-is-longer-than-most-others'];
/** ms between two moves. */
const MOVE_INTERVAL = 700;

/** A running installation that serves the page, a registry, and a browser. */
export interface DashboardSurroundings extends AsyncDisposable {
  readonly tagtrail: Installation;
  readonly simulator: RegistrySimulator;
  readonly browser: Browser;
  /** A page that is signed in; closed by `closePages`. */
  visit(options?: PageOptions & { readonly server?: string }): Promise<WatchedPage>;
  /** Follows tags that move until disposal. */
  moveTags(): Promise<void>;
  closePages(): Promise<void>;
}

export async function openDashboard(
  counts: Partial<Record<AppName, number>>,
): Promise<DashboardSurroundings> {
  await buildDashboard();
  const opened = new AsyncDisposableStack();
  const simulator = opened.use(await openRegistrySimulator());
  const tagtrail = opened.use(await openInstallation(counts));
  const browser = await openBrowser();
  opened.defer(() => browser.close());
  const pages: WatchedPage[] = [];
  return {
    tagtrail,
    simulator,
    browser,
    async visit({ server = tagtrail.server, ...options } = {}) {
      const watched = await openPage(browser, server, options);
      pages.push(watched);
      await watched.page.addInitScript(REMEMBER_LABELS);
      await signIn(watched, server, tagtrail.token);
      return watched;
    },
    async moveTags() {
      await followRepositories(tagtrail, simulator);
      const targets = REPOSITORIES.map((repository) => ({ repository, tag: 'latest' }));
      opened.use(createTagMover(simulator, { targets, every: MOVE_INTERVAL }));
    },
    async closePages() {
      await Promise.all(pages.splice(0).map((one) => one.close()));
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

async function followRepositories({ client }: Installation, simulator: RegistrySimulator) {
  for (const repository of REPOSITORIES) {
    simulator.push(repository, 'latest');
    const source = `${simulator.host}/${repository}`;
    const sources = { latest: `${source}:latest`, gone: `${source}:gone` };
    const name = repository.slice('shop/'.length);
    await client.streams.create(definition(name, sources, { schedule: '1s' }));
  }
}

/** Waits until the page shows it, no longer than it may be behind. */
export async function shows(
  { page }: WatchedPage,
  isShown: (shown: ShownNumbers) => boolean,
  limit = FRESH,
): Promise<void> {
  await eventually(async () => (isShown(await readNumbers(page)) ? true : undefined), limit);
}
