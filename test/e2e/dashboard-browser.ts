import { type Browser, chromium, type Page } from 'playwright-core';

/** Where Debian puts it. A machine without it fails: nothing here is skipped. */
const CHROMIUM = '/usr/bin/chromium';
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
}

/** What a page may not do, as it happens. */
export interface WatchedPage {
  readonly page: Page;
  /** Console errors, uncaught exceptions, violations of the policy, failed requests and requests to others. */
  readonly problems: readonly string[];
  /** `Last-Event-ID` of each request for events, '' where there was none. */
  readonly resumes: readonly string[];
  close(): Promise<void>;
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
}

/** A page in a context of its own: nothing is kept from other pages. It has not gone anywhere yet. */
export async function openPage(
  browser: Browser,
  server: string,
  { width = 1280, height = 900, theme = 'light' }: PageOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
  const page = await context.newPage();
  const problems: string[] = [];
  const resumes: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
  page.on('requestfailed', (request) => {
    // A stream that the page itself closes, by signing out or going away, ends like this.
    const isClosed = request.failure()?.errorText === 'net::ERR_ABORTED' && isStream(request.url());
    if (!isClosed) problems.push(`failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${server}/`) && !url.startsWith('data:')) problems.push(`foreign: ${url}`);
    if (isStream(url)) resumes.push(request.headers()['last-event-id'] ?? '');
  });
  return { page, problems, resumes, close: () => context.close() };
}

function isStream(url: string): boolean {
  return url.endsWith('/overview?watch=true');
}

/** Signs in as a person does, with the keyboard. */
export async function signIn({ page }: WatchedPage, server: string, token: string): Promise<void> {
  await page.goto(`${server}/`);
  await page.getByLabel('Token').fill(token);
  await page.keyboard.press('Enter');
  await page.locator('[data-metric="waiting"]').waitFor();
}
