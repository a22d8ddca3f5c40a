import { once } from 'node:events';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { readLines } from './read-lines.ts';

async function linesOf(...chunks: (string | Buffer)[]): Promise<readonly string[]> {
  const lines: string[] = [];
  const stream = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  readLines(stream, (line) => lines.push(line));
  await once(stream, 'end');
  return lines;
}

it('joins what arrives in pieces, a character cut in two included', async () => {
  const arrow = Buffer.from('a→b');
  expect(await linesOf('on', 'e\ntw', 'o\r\n\n', arrow.subarray(0, 2), arrow.subarray(2))).toEqual([
    'one',
    'two',
    'a→b',
  ]);
});

it('cuts an endless line', async () => {
  const [line] = await linesOf('x'.repeat(50_000), 'x'.repeat(50_000), 'x'.repeat(50_000));
  expect(line).toHaveLength(64 * 1024);
});
