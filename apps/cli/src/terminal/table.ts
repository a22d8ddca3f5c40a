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
  const cells = [
    columns.map((column) => column.header),
    ...rows.map((row) => columns.map((column) => plainText(column.cell(row)))),
  ];
  const widths = columns.map((_, index) =>
    cells.reduce((widest, line) => Math.max(widest, displayWidth(line[index] ?? '')), 0),
  );
  return cells.map((line) =>
    line
      .map((cell, index) => padToWidth(cell, widths[index] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}
