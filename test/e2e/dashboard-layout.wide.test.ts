import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './dashboard-browser.ts';
import { findLabelProblems, findTextProblems, REMEMBER_LABELS } from './dashboard-layout.ts';

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  page = await (await browser.newContext({ viewport: { width: 360, height: 600 } })).newPage();
  await page.addInitScript(REMEMBER_LABELS);
});
afterAll(() => browser.close());

describe('the look at what can be read', () => {
  it.each([
    ['<p>fine</p><p>fine, too</p>', []],
    ['<p style="width: 900px">wide</p>', ['the page scrolls sideways']],
    [
      '<p style="width: 40px; overflow: hidden; white-space: nowrap">too long a text</p>',
      ['cut off or scrolling sideways', 'clipped: "too long a text"'],
    ],
    [
      '<p style="width: 40px; overflow: auto; white-space: nowrap">too long a text</p>',
      ['cut off or scrolling sideways', 'clipped'],
    ],
    [
      '<p style="position: absolute; top: 9px">one</p><p style="position: absolute; top: 12px">two</p>',
      ['overlap: "one" and "two"'],
    ],
    [
      '<p style="position: absolute; top: 9px">one</p><div style="position: absolute; top: 40px; height: 50px; overflow: auto"><p style="margin: 0 0 200px">two</p></div>',
      [],
    ],
  ])('finds what is wrong with %s', async (html, expected) => {
    await page.setContent(html);
    await page.evaluate("document.querySelector('div')?.scrollTo(0, 15)");
    const { problems } = await findTextProblems(page);
    expect(problems).toEqual(expected.map((text) => expect.stringContaining(text)));
  });

  it('finds labels of charts that overlap, or are cut off', async () => {
    await page.goto('about:blank');
    await page.setContent('<canvas width="100" height="50"></canvas>');
    await page.evaluate(`(() => {
      const context = document.querySelector('canvas').getContext('2d');
      context.fillText('gone', 10, 20);
      context.clearRect(0, 0, 100, 50);
      context.fillText('14:03', 10, 20);
      context.fillText('14:04', 20, 20);
      context.fillText('14:05', 90, 40);
    })()`);
    const { problems, labels } = await findLabelProblems(page);
    expect([labels, ...problems]).toEqual([
      3,
      'labels overlap: 14:03 and 14:04',
      'outside of its chart: 14:05',
    ]);
  });
});
