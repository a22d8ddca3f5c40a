/** Columns that a cut cell keeps at least; less says nothing. */
const LEAST = 12;

/**
 * Widths of columns that together take at most `room`: the widest ones are cut, all to the same width. Undefined when
 * too little would be left of them.
 */
export function fitWidths(widths: readonly number[], room: number): readonly number[] | undefined {
  for (let widest = room; widest >= LEAST; widest -= 1) {
    const cut = widths.map((width) => Math.min(width, widest));
    if (cut.reduce((sum, width) => sum + width, 0) <= room) return cut;
  }
  return undefined;
}
