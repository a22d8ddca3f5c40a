import { displayWidth, padToWidth } from './display-width.ts';
import { plainText } from './plain-text.ts';

/** Blanks between columns, as kubectl prints them. */
const GAP = '   ';

export interface TableColumn<Row> {
  readonly header: string;
  readonly cell: (row: Row) => string;
}

/**
 * Header and rows as lines, columns aligned by display width, nothing after the last cell.
 * Cells are made plain, so that no text from a registry can move the cursor.
 */
export function tableLines<Row>(
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
): readonly string[] {
  return createGrowingTable<Row>()(columns, rows);
}

/** A table whose rows come bit by bit: the header is there once, and columns only ever get wider. */
export function createGrowingTable<Row>(): typeof tableLines<Row> {
  let widths: readonly number[] | undefined;
  return (columns, rows) => {
    const header = widths === undefined ? [columns.map((column) => column.header)] : [];
    const body = rows.map((row) => columns.map((column) => plainText(column.cell(row))));
    const cells = [...header, ...body];
    const grown = columns.map((_, index) =>
      // Not Math.max(...cells): a list may have more rows than a call may have arguments.
      cells.reduce(
        (widest, line) => Math.max(widest, displayWidth(line[index] ?? '')),
        widths?.[index] ?? 0,
      ),
    );
    widths = grown;
    return cells.map((line) => alignLine(line, grown));
  };
}

function alignLine(cells: readonly string[], widths: readonly number[]): string {
  const padded = cells.map((cell, index) => padToWidth(cell, widths[index] ?? 0));
  return padded.join(GAP).trimEnd();
}
