import type { Output } from '../terminal/output.ts';
import { plainText } from '../terminal/plain-text.ts';
import { type Style, styled } from '../terminal/style.ts';
import type { Step } from './examination.ts';

const NAME_WIDTH = 12;
const VERDICT_WIDTH = 9;
const TIME_WIDTH = 10;

const STYLES: Readonly<Record<Step['verdict'], Style>> = {
  ok: 'green',
  failed: 'red',
  skipped: 'dim',
};

/** A step on a line, and its remarks below what was seen. */
export function stepLines(step: Step, output: Pick<Output, 'colors'>): readonly string[] {
  const { name, verdict, took, seen, remarks } = step;
  const judged =
    styled(output, STYLES[verdict], verdict) + ' '.repeat(VERDICT_WIDTH - verdict.length);
  const head = `${name.padEnd(NAME_WIDTH)}${judged}${timeText(took).padEnd(TIME_WIDTH)}`;
  const margin = ' '.repeat(NAME_WIDTH + VERDICT_WIDTH + TIME_WIDTH);
  return [
    `${head}${plainText(seen)}`,
    ...remarks.map((remark) => `${margin}- ${plainText(remark)}`),
  ];
}

function timeText(took: number | undefined): string {
  return took === undefined ? '' : `${took < 10 ? took.toFixed(1) : Math.round(took)} ms`;
}
