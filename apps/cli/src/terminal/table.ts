import { cutToWidth, displayWidth, padToWidth } from './display-width.ts';
import { fitWidths } from './fit-widths.ts';
import { plainText } from './plain-text.ts';

/** Blanks between columns, as kubectl prints them. */
const GAP = '   ';

export interface TableColumn<Row> {
  readonly header: string;
  readonly cell: (row: Row) => string;
}

/** Lines for rows. Those that come later stand below the earlier ones. */
export type Table<Row> = (
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
) => readonly string[];

/**
 * Header and rows as lines, columns aligned by display width, nothing after the last cell.
 * Cells are made plain, so that no text from a registry can move the cursor.
 *
 * `room` is the width of the terminal, undefined where there is none and everything is wanted whole. What is wider is
 * cut with an ellipsis; where too little would be left of it, each row becomes a block of lines, a cell on each.
 */
export function tableLines<Row>(
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  room?: number,
): readonly string[] {
  return createGrowingTable<Row>(room)(columns, rows);
}

/** A table whose rows come bit by bit: the header is there once, and columns only ever get wider. */
export function createGrowingTable<Row>(room?: number): Table<Row> {
  let natural: readonly number[] | undefined;
  let drawn: readonly number[] | 'blocks' | undefined;
  return (columns, rows) => {
    const header = natural === undefined ? [columns.map((column) => column.header)] : [];
    const body = rows.map((row) => columns.map((column) => plainText(column.cell(row))));
    natural = widestOf([...header, ...body], natural ?? columns.map(() => 0));
    if (drawn !== 'blocks') drawn = fit(natural, room) ?? drawn ?? 'blocks';
    if (drawn === 'blocks') return body.flatMap((cells) => blockLines(columns, cells));
    const widths = drawn;
    return [...header, ...body].map((cells) => alignLine(cells, widths));
  };
}

function fit(widths: readonly number[], room: number | undefined): readonly number[] | undefined {
  return room === undefined ? widths : fitWidths(widths, room - GAP.length * (widths.length - 1));
}

/** Not Math.max(...cells): a list may have more rows than a call may have arguments. */
function widestOf(
  lines: readonly (readonly string[])[],
  least: readonly number[],
): readonly number[] {
  return least.map((width, index) =>
    lines.reduce((widest, cells) => Math.max(widest, displayWidth(cells[index] ?? '')), width),
  );
}

function alignLine(cells: readonly string[], widths: readonly number[]): string {
  const padded = cells.map((cell, index) => {
    const width = widths[index] ?? 0;
    return padToWidth(cutToWidth(cell, width), width);
  });
  return padded.join(GAP).trimEnd();
}

/** A cell that is too long for its line is left whole for the terminal to fold; an empty one is left out. */
function blockLines(
  columns: readonly TableColumn<never>[],
  cells: readonly string[],
): readonly string[] {
  const width = Math.max(...columns.map(({ header }) => displayWidth(header)));
  const lines = columns.flatMap(({ header }, index) => {
    const cell = cells[index] ?? '';
    return cell === '' ? [] : [`${padToWidth(header, width)}${GAP}${cell}`];
  });
  return [...lines, ''];
}
