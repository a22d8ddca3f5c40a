/** A text of about `size` characters: pieces, numbered from 0, between a beginning and an end. */
export function filled(
  size: number,
  piece: string | ((at: number) => string),
  [before, after]: readonly [string, string] = ['', ''],
): string {
  const pieces: string[] = [];
  let left = size - before.length - after.length;
  for (let at = 0; ; at += 1) {
    const next = typeof piece === 'string' ? piece : piece(at);
    left -= next.length;
    if (left < 0 || next === '') return before + pieces.join('') + after;
    pieces.push(next);
  }
}
