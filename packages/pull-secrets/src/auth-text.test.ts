import { describe, expect, it } from 'vitest';
import { authTextOf } from './auth-text.ts';

describe('authTextOf', () => {
  it('finds the file of either type', () => {
    expect(
      authTextOf({ type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': 'e30=' } }),
    ).toEqual({ format: 'config.json', text: '{}' });
    expect(authTextOf({ type: 'kubernetes.io/dockercfg', data: { '.dockercfg': 'e30=' } })).toEqual(
      { format: 'dockercfg', text: '{}' },
    );
  });

  it('finds none in bytes that are no text', () => {
    const data = { '.dockercfg': '//79' };
    expect(authTextOf({ type: 'kubernetes.io/dockercfg', data })).toBeUndefined();
  });
});
