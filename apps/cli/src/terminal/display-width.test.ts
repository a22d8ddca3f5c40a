import { describe, expect, it } from 'vitest';
import { cutToWidth, displayWidth, padToWidth } from './display-width.ts';

describe('displayWidth', () => {
  it.each([
    ['', 0],
    ['latest', 6],
    ['sha256:ab12…', 12],
    ['→', 1],
    ['日本', 4],
    ['e\u0301', 1],
    ['👩‍💻', 2],
    ['ｆｕｌｌ', 8],
  ])('counts the columns of %j as %d', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it('pads by columns, and never cuts', () => {
    expect(padToWidth('日本', 6)).toBe('日本  ');
    expect(padToWidth('latest', 3)).toBe('latest');
  });
});

it.each([
  ['latest', 6, 'latest'],
  ['latest', 5, 'late…'],
  ['3 seconds ago', 3, '3…'],
  ['日本語', 5, '日本…'],
  ['日本語', 4, '日…'],
])('cuts %s to %d columns: %s', (text, width, cut) => {
  expect(cutToWidth(text, width)).toBe(cut);
});
