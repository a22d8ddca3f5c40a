import { expect, it } from 'vitest';
import { boundedChunks } from './bounded-chunks.ts';

async function* pieces(...texts: string[]) {
  yield* texts;
}
const limits = { line: 5, total: 12 };

async function passed(...texts: string[]): Promise<string> {
  let text = '';
  for await (const chunk of boundedChunks(pieces(...texts), 'x', limits)) text += String(chunk);
  return text;
}

it('passes on what has lines and an end', async () => {
  expect(await passed('abc', 'de\nf', 'g\n', '12')).toBe('abcde\nfg\n12');
});

it('ends with a line that is too long, over how many chunks it may be', async () => {
  await expect(passed('ab\ncd', 'ef', 'gh')).rejects.toThrow('x has a line longer than 5 bytes');
});

it('ends with what has no end', async () => {
  const told = 'x is longer than 12 bytes';
  await expect(passed('abcd\n', 'abcd\n', 'abcd\n')).rejects.toThrow(told);
});
