import { describe, expect, it } from 'vitest';
import { durationSetting } from './duration-setting.ts';

describe('durationSetting', () => {
  const setting = durationSetting({ min: '1s', max: '1h' });
  const messageFor = (value: unknown) => setting.safeParse(value).error?.issues[0]?.message;

  it('reads durations and numbers of ms', () => {
    expect(setting.parse('15m')).toBe(900_000);
    expect(setting.parse(1500)).toBe(1500);
  });

  it('names the bound that was crossed', () => {
    expect(messageFor('500ms')).toBe('must be at least 1s, not 500ms');
    expect(messageFor('2h')).toBe('must be at most 1h, not 2h');
  });

  it('refuses what no duration is made of', () => {
    expect(messageFor(true)).toBe('must be a duration such as 90s, 15m or 1h30m');
    expect(messageFor(1.5)).toContain('"1.5" is not a duration');
    expect(messageFor(-1)).toContain('"-1" is not a duration');
  });

  it('takes both bounds as allowed', () => {
    expect([setting.parse('1s'), setting.parse('1h')]).toEqual([1000, 3_600_000]);
  });
});
