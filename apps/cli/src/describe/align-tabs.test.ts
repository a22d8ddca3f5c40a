import { describe, expect, it } from 'vitest';
import { alignTabs } from './align-tabs.ts';

/** Tabs as `→`, so that they can be read. */
function aligned(...lines: readonly string[]): readonly string[] {
  const text = lines.map((line) => `${line}\n`).join('');
  return alignTabs(text.replaceAll('→', '\t')).trimEnd().replaceAll('\t', '→').split('\n');
}

describe('alignTabs', () => {
  it('makes a column as wide as its longest cell and a blank, in whole tabs', () => {
    expect(aligned('Name:→x', 'Image Repository:→y', 'Labels:→z')).toEqual([
      'Name:→→→x',
      'Image Repository:→y',
      'Labels:→→→z',
    ]);
  });

  it.each([
    [6, 1],
    [7, 1],
    [8, 2],
    [15, 2],
    [16, 3],
  ])('lets %d characters span %d tabs, a blank after them included', (length, tabs) => {
    expect(aligned(`${'x'.repeat(length)}→a`, '→b')).toEqual([
      `${'x'.repeat(length)}→a`,
      `${'→'.repeat(tabs)}b`,
    ]);
  });

  it('ends a column where a line has no cell in it', () => {
    expect(
      aligned('a→1', 'a much longer one→2', '', 'a→3', 'no tab here, though long', 'b→4'),
    ).toEqual(['a→→→1', 'a much longer one→2', '', 'a→3', 'no tab here, though long', 'b→4']);
  });

  it('aligns inner columns within the lines that have them', () => {
    expect(
      aligned('Layers:→1kB→sha256:1', '→122.5kB→sha256:2', 'Author:→<none>', 'Env:→1→2'),
    ).toEqual(['Layers:→1kB→sha256:1', '→122.5kB→sha256:2', 'Author:→<none>', 'Env:→1→2']);
    expect(aligned('a→b→1', 'a→12345678→2', 'a→x', 'a→b→3')).toEqual([
      'a→b→→1',
      'a→12345678→2',
      'a→x',
      'a→b→3',
    ]);
  });

  it('does not count the text after the last tab', () => {
    expect(aligned('a→a very long text that is in no column', 'b→c→d')).toEqual([
      'a→a very long text that is in no column',
      'b→c→d',
    ]);
  });

  it('keeps empty cells, in a column of their own too', () => {
    expect(aligned('→→x', '→→y')).toEqual(['→→x', '→→y']);
    expect(alignTabs('\t\n')).toBe('\t\n');
  });

  it('counts characters, not bytes and not columns of a terminal', () => {
    expect(aligned('äöüäöüä→1', 'x→2')).toEqual(['äöüäöüä→1', 'x→2']);
    expect(aligned('図図図図図図図図→1', 'x→2')).toEqual(['図図図図図図図図→1', 'x→→2']);
    expect(aligned('🐳🐳🐳🐳🐳🐳🐳→1', 'x→2')).toEqual(['🐳🐳🐳🐳🐳🐳🐳→1', 'x→2']);
  });

  it('leaves text without tabs as it is', () => {
    expect(alignTabs('')).toBe('');
    expect(alignTabs('a\n\n  b\n')).toBe('a\n\n  b\n');
  });

  it('takes time in proportion to the text, however many tabs a line has', () => {
    const many = `${'\t'.repeat(100_000)}\n${'line\n'.repeat(100_000)}`;
    expect(alignTabs(many)).toBe(many);
  });
});
