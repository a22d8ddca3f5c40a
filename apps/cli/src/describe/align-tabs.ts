/** Columns that a tab spans on a terminal. */
const TAB_WIDTH = 8;
/** Blanks that must remain after the longest cell of a column. */
const PADDING = 1;

/** Neighbouring rows, `to` excluded. */
interface Run {
  readonly from: number;
  readonly to: number;
}

/**
 * Replaces the tabs of a text by as many as align its cells. A cell is what stands before a tab; the cells one below
 * the other in neighbouring lines are a column, as wide as its longest. What follows a line's last tab belongs to none.
 * The text must end in a line break.
 * Source: Go's `text/tabwriter` with minwidth 0, tabwidth 8, padding 1, padchar TAB, which `oc describe` uses.
 */
export function alignTabs(text: string): string {
  const rows = text.split('\n').map((line) => line.split('\t'));
  let runs: readonly Run[] = [{ from: 0, to: rows.length }];
  for (let column = 0; runs.length > 0; column += 1) {
    runs = runs.flatMap((run) => runsWithCell(rows, run, column));
    for (const run of runs) padCells(rows, run, column);
  }
  return rows.map((cells) => cells.join('')).join('\n');
}

/** The parts of a run whose rows all have a cell in this column. */
function runsWithCell(rows: readonly (readonly string[])[], run: Run, column: number): Run[] {
  const runs: Run[] = [];
  let from = run.from;
  for (let row = run.from; row <= run.to; row += 1) {
    const hasCell = row < run.to && (rows[row]?.length ?? 0) > column + 1;
    if (hasCell) continue;
    if (row > from) runs.push({ from, to: row });
    from = row + 1;
  }
  return runs;
}

/** Ends each cell of a column with the tabs that lead to the next column. */
function padCells(rows: readonly string[][], { from, to }: Run, column: number): void {
  const cells = rows.slice(from, to);
  const longest = cells.reduce((width, row) => Math.max(width, characters(row[column])), 0);
  const width = Math.ceil((longest + PADDING) / TAB_WIDTH) * TAB_WIDTH;
  for (const row of cells) {
    const cell = row[column] ?? '';
    row[column] = cell + '\t'.repeat(Math.ceil((width - characters(cell)) / TAB_WIDTH));
  }
}

/** Code points, each of which counts as one column: the widths of East Asian text do not matter to Go. */
function characters(text = ''): number {
  return [...text].length;
}
