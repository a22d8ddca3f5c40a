import { expect, it } from 'vitest';
import { createGrowingTable, tableLines } from './table.ts';

const columns = [
  { header: 'NAME', cell: (row: readonly string[]) => row[0] ?? '' },
  { header: 'TAGS', cell: (row: readonly string[]) => row[1] ?? '' },
];

it('aligns columns by what the terminal shows, without blanks at the end', () => {
  expect(
    tableLines(columns, [
      ['web', 'latest'],
      ['日本語', ''],
    ]),
  ).toEqual(['NAME     TAGS', 'web      latest', '日本語']);
});

it('prints only the header when there is no row', () => {
  expect(tableLines(columns, [])).toEqual(['NAME   TAGS']);
});

it('lets no cell break out of its line', () => {
  expect(tableLines(columns, [['we\nb', '\u001b[2J']])).toEqual(['NAME   TAGS', 'we b   [2J']);
});

it('goes on with rows that come later, never narrower', () => {
  const table = createGrowingTable<readonly string[]>();
  expect(table(columns, [['shop-api', 'a']])).toEqual(['NAME       TAGS', 'shop-api   a']);
  expect(table(columns, [['web', 'b']])).toEqual(['web        b']);
  expect(table(columns, [])).toEqual([]);
});
