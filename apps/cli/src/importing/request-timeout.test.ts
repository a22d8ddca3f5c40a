import { describe, expect, it } from 'vitest';
import { CliError } from '../cli-error.ts';
import { parseRequestTimeout } from './request-timeout.ts';

describe('parseRequestTimeout', () => {
  it.each([
    ['0', undefined],
    ['0s', undefined],
    ['30', 30_000],
    ['90s', 90_000],
    ['1m30s', 90_000],
    ['250ms', 250],
  ])('reads %s', (text, timeout) => {
    expect(parseRequestTimeout(text)).toBe(timeout);
  });

  it.each(['soon', '-1', '1.5', '1y', '999999999'])('refuses %s', (text) => {
    const problem =
      'Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)';
    expect(() => parseRequestTimeout(text)).toThrow(new CliError('usage', problem));
  });
});
