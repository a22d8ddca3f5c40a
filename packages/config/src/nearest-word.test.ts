import { describe, expect, it } from 'vitest';
import { nearestWord, suggestion } from './nearest-word.ts';

const words = ['defaultInterval', 'minimumInterval', 'tick'];

describe('nearestWord', () => {
  it('finds the word behind a slip of the finger', () => {
    expect(nearestWord('defaultIntervall', words)).toBe('defaultInterval');
    expect(nearestWord('tikc', words)).toBe('tick');
  });

  it('overlooks case and dashes', () => {
    expect(nearestWord('default-interval', words)).toBe('defaultInterval');
  });

  it('guesses nothing when every word is far', () => {
    expect(nearestWord('password', words)).toBeUndefined();
  });
});

describe('suggestion', () => {
  it('is a question, or nothing', () => {
    expect(suggestion('tock', words)).toBe(', did you mean "tick"?');
    expect(suggestion('banana', words)).toBe('');
  });
});
