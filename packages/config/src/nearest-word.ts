/** Of the words, the one that `typed` was most likely meant to be, or none when all are too far. Case doesn't count. */
export function nearestWord(typed: string, words: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(typed.length / 4));
  let nearest: { word: string; distance: number } | undefined;
  for (const word of words) {
    const distance = editDistance(typed.toLowerCase(), word.toLowerCase());
    if (distance <= limit && distance < (nearest?.distance ?? Number.POSITIVE_INFINITY)) {
      nearest = { word, distance };
    }
  }
  return nearest?.word;
}

/** Letters inserted, dropped or replaced on the way from `a` to `b` (Levenshtein), by rows of the usual table. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const row = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const replaced = (above[j] ?? 0) + (letter === b[j] ? 0 : 1);
      row.push(Math.min(replaced, (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    }
    above = row;
  }
  return above[b.length] ?? 0;
}

/** `, did you mean "x"?` or nothing. */
export function suggestion(typed: string, words: readonly string[]): string {
  const word = nearestWord(typed, words);
  return word === undefined ? '' : `, did you mean "${word}"?`;
}
