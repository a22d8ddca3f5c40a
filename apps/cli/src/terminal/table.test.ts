import { describe, expect, it } from 'vitest';
import { displayWidth } from './display-width.ts';
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

describe('on a narrow terminal', () => {
  const wide = [
    { header: 'NAME', cell: (row: readonly string[]) => row[0] ?? '' },
    { header: 'IMAGE REPOSITORY', cell: (row: readonly string[]) => row[1] ?? '' },
    { header: 'UPDATED', cell: (row: readonly string[]) => row[2] ?? '' },
  ];
  const rows = [
    ['shop-api', 'registry.example.com/acme/shop-api', '3 seconds ago'],
    ['web', '', 'never'],
  ];

  it('a table that fits is drawn whole', () => {
    expect(tableLines(wide, rows, 61)).toEqual(tableLines(wide, rows));
  });

  it('the widest cells are cut', () => {
    expect(tableLines(wide, rows, 45)).toEqual([
      'NAME       IMAGE REPOSITORY     UPDATED',
      'shop-api   registry.example.…   3 seconds ago',
      'web                             never',
    ]);
    for (let room = 38; room < 61; room += 1) {
      for (const line of tableLines(wide, rows, room)) {
        expect(displayWidth(line)).toBeLessThanOrEqual(room);
      }
    }
  });

  it('rows become blocks where cutting would leave too little', () => {
    expect(tableLines(wide, rows, 37)).toEqual([
      'NAME               shop-api',
      'IMAGE REPOSITORY   registry.example.com/acme/shop-api',
      'UPDATED            3 seconds ago',
      '',
      'NAME               web',
      'UPDATED            never',
      '',
    ]);
  });

  it('later rows are drawn as the first ones were', () => {
    const blocks = createGrowingTable<readonly string[]>(30);
    expect(blocks(wide, rows)).toHaveLength(7);
    expect(blocks(wide, [['web', '', 'now']])).toEqual([
      'NAME               web',
      'UPDATED            now',
      '',
    ]);
    const cut = createGrowingTable<readonly string[]>(45);
    cut(wide, rows);
    const [line = ''] = cut(wide, [['a-much-longer-name', 'registry.example.com/b', 'now']]);
    expect(displayWidth(line)).toBeLessThanOrEqual(45);
  });
});
