import type { Output } from './output.ts';

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
} as const;

export type Style = keyof typeof CODES;

/** `text` in a style, or as it is where no colours are wanted. */
export function styled(output: Pick<Output, 'colors'>, style: Style, text: string): string {
  const [on, off] = CODES[style];
  return output.colors ? `\u001b[${on}m${text}\u001b[${off}m` : text;
}
