import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { durationSetting } from './duration-setting.ts';
import { parseSetting } from './parse-setting.ts';

const read = (text: string, type: z.ZodType) => {
  const parsed = parseSetting(text, type);
  return parsed.ok ? parsed.value : parsed.message;
};

describe('parseSetting', () => {
  it('reads numbers and booleans where they are wanted', () => {
    expect(read('64', z.int())).toBe(64);
    expect(read('TRUE', z.boolean())).toBe(true);
    expect(read('64', z.string())).toBe('64');
  });

  it('leaves to the schema what is neither', () => {
    expect(read('lots', z.int())).toBe('lots');
    expect(read('0x10', z.int())).toBe('0x10');
    expect(read('yes', z.boolean())).toBe('yes');
  });

  it('reads lists with commas', () => {
    expect(read('a, b,,c', z.array(z.string()))).toEqual(['a', 'b', 'c']);
  });

  it('reads lists of maps as JSON', () => {
    const list = z.array(z.object({ prefix: z.string() }));
    expect(read('[{"prefix":"docker.io"}]', list)).toEqual([{ prefix: 'docker.io' }]);
    expect(read('[{"prefix":', list)).toBe('must be a list of maps in JSON');
  });

  it('reads maps whose names hold a port', () => {
    expect(read('r:5000=15m, quay.io = 5m', z.record(z.string(), durationSetting()))).toEqual({
      'r:5000': '15m',
      'quay.io': '5m',
    });
  });

  it('says what is wrong with a map', () => {
    const map = z.record(z.string(), z.int());
    expect(read('quay.io', map)).toBe('must be name=value pairs with commas between them');
    expect(read('=5', map)).toBe('must be name=value pairs with commas between them');
    expect(read('a=1,a=2', map)).toBe('has "a" twice');
  });

  it('takes a map entry called __proto__ as one more name', () => {
    expect(Object.keys(Object(read('__proto__=1', z.record(z.string(), z.int()))))).toEqual([
      '__proto__',
    ]);
  });
});
