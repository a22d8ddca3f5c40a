import { describe, expect, it } from 'vitest';
import { fetchTellingWarnings, readWarnings } from './told-warnings.ts';

describe('readWarnings', () => {
  it.each([
    ['', []],
    ['299 - "use a single tag"', ['use a single tag']],
    ['299 - "say \\"no\\"", 299 tagtrail "two, three"', ['say "no"', 'two, three']],
    ['199 - "not ours"', []],
    ['299 - "\u001b[31m"', ['[31m']],
    ['299 - ""', []],
    ['nonsense', []],
  ])('reads %j', (header, texts) => {
    expect(readWarnings(header)).toEqual(texts);
  });
});

it('tells each warning once, and leaves the answer alone', async () => {
  const notes: string[] = [];
  const answer = () => new Response('{}', { headers: { warning: '299 - "careful"' } });
  const send = fetchTellingWarnings({ note: (text) => notes.push(text) }, async () => answer());
  expect(await (await send('http://a')).text()).toBe('{}');
  await send('http://a');
  expect(notes).toEqual(['Warning: careful']);
});
