import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLines } from './read-lines.ts';

describe('readLines', () => {
  it('puts lines together wherever the chunks end, inside characters too', async () => {
    const lines = fc.array(fc.string({ unit: 'grapheme', minLength: 1 }).filter(isOneLine));
    await fc.assert(
      fc.asyncProperty(
        lines,
        fc.infiniteStream(fc.integer({ min: 1, max: 7 })),
        async (given, sizes) => {
          const bytes = new TextEncoder().encode(given.map((line) => `${line}\n`).join(''));
          expect(await collect(readLines(cut(bytes, sizes)))).toEqual(given);
        },
      ),
    );
  });

  it('leaves out empty lines and a last line that was cut off', async () => {
    expect(await collect(readLines(chunks('one\n\ntwo\nthr')))).toEqual(['one', 'two']);
  });

  it('refuses a line that never ends', async () => {
    const lines = collect(readLines(chunks('short\n', 'x'.repeat(60), 'x'.repeat(60)), 100));
    await expect(lines).rejects.toThrow('longer than 100 bytes');
  });
});

function isOneLine(text: string): boolean {
  return !text.includes('\n') && text.isWellFormed();
}

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text);
}

async function* cut(bytes: Uint8Array, sizes: Iterator<number>): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; ) {
    const size: number = sizes.next().value;
    yield bytes.subarray(start, start + size);
    start += size;
  }
}

async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}
