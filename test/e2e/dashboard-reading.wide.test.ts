import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { WatchedPage } from './dashboard-browser.ts';
import { findLabelProblems, findTextProblems } from './dashboard-layout.ts';
import { type DashboardSurroundings, openDashboard } from './dashboard-surroundings.ts';

const WIDTHS = [360, 1280, 3840];
const THEMES = ['light', 'dark'] as const;

let dashboard: DashboardSurroundings;

beforeAll(async () => {
  dashboard = await openDashboard({ api: 1, producer: 1, worker: 1, 'status-writer': 1 });
  await dashboard.moveTags();
});
afterEach(() => dashboard.closePages());
afterAll(() => dashboard[Symbol.asyncDispose]());

it.each(THEMES.flatMap((theme) => WIDTHS.map((width) => ({ theme, width }))))(
  'everything can be read, $width px wide, $theme',
  async ({ theme, width }) => {
    const one = await dashboard.visit({ width, height: 900, theme });
    const { page, problems } = one;
    await page.locator('tr[data-move]').first().waitFor();
    await page.locator('summary').first().click();
    const { problems: clipped, texts } = await findTextProblems(page);
    expect(clipped).toEqual([]);
    expect(texts).toBeGreaterThan(100);
    const { problems: labelled, labels } = await findLabelProblems(page);
    expect(labelled).toEqual([]);
    expect(labels).toBeGreaterThan(20);
    const isDark = 'document.documentElement.classList.contains("pf-v6-theme-dark")';
    expect(await page.evaluate(isDark)).toBe(theme === 'dark');
    if (width === 1280) expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    expect(problems).toEqual([]);
  },
);

it('the theme is chosen with the keyboard, kept, and drawn by the charts too', async () => {
  const one = await dashboard.visit();
  const { page, problems } = one;
  const pixels = () => page.locator('canvas').first().screenshot();
  const light = await pixels();
  await page.keyboard.press('Tab');
  expect(await focused(one)).toContain('Skip to the numbers');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  expect(await focused(one)).toContain('Dark theme');
  expect(await isFocusVisible(one)).toBe(true);
  await page.keyboard.press('Space');
  await page.locator('html.pf-v6-theme-dark').waitFor();
  expect((await pixels()).equals(light)).toBe(false);
  await page.reload();
  await page.locator('html.pf-v6-theme-dark').waitFor();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  expect(problems).toEqual([]);
});

it('all of it is reached with the keyboard, and what has the focus can be seen', async () => {
  const one = await dashboard.visit({ width: 1280, height: 700 });
  const { page } = one;
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const seen: string[] = [];
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press('Tab');
    expect(await isFocusVisible(one), await focused(one)).toBe(true);
    seen.push(await focused(one));
  }
  expect(seen.filter((text) => text.includes('Numbers'))).toHaveLength(5);
  expect(seen.some((text) => text.startsWith('Copy what demo/'))).toBe(true);
  const summary = page.locator('summary').first();
  await summary.focus();
  await page.keyboard.press('Enter');
  await page.locator('details[open] tbody tr').first().waitFor();
  await page.getByRole('button', { name: 'Sign out' }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Token').waitFor();
});

/** What a screen reader would say of the element with the focus, more or less. */
function focused({ page }: WatchedPage): Promise<string> {
  return page.evaluate(
    '(document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent).trim()',
  );
}

function isFocusVisible({ page }: WatchedPage): Promise<boolean> {
  return page.evaluate(`(() => {
    const style = getComputedStyle(document.activeElement);
    return document.activeElement.matches(':focus-visible') && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
  })()`);
}
