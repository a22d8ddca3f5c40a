/** Bytes of `text` in UTF-8, without encoding it; a lone surrogate counts as U+FFFD, as encoders write it. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += characterLength(character.codePointAt(0) ?? 0);
  return bytes;
}

function characterLength(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
