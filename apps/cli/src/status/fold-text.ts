import { displayWidth } from '../terminal/display-width.ts';

/** Breaks a text between words into lines of at most `width` columns; a word that is longer has a line of its own. */
export function foldText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
