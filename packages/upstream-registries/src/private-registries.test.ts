import { describe, expect, it } from 'vitest';
import { addressPolicy, isAbout } from './private-registries.ts';

describe('addressPolicy', () => {
  it('allows nothing unless told', () => {
    const policy = addressPolicy({});
    expect(policy.named).toBe('public');
    expect(policy.isAllowed('registry.internal')).toBe(false);
  });

  it('allows what definitions name, and with it nobody else', () => {
    const policy = addressPolicy({ privateAddresses: 'allowed' });
    expect(policy.named).toBe('any');
    expect(policy.isAllowed('registry.internal')).toBe(false);
  });

  it.each([
    ['registry.internal', 'registry.internal', true],
    ['registry.internal', 'registry.internal:443', true],
    ['registry.internal', 'registry.internal:5000', false],
    ['registry.internal:*', 'REGISTRY.internal:5000', true],
    ['10.0.*:5000', '10.0.0.7:5000', true],
    ['[::1]:5000', '[::1]:5000', true],
    ['registry.internal', 'registry.internal.evil.example', false],
  ])('%s is about %s: %s', (pattern, authority, expected) => {
    const { isAllowed } = addressPolicy({ privateRegistries: [pattern] });
    expect(isAllowed(authority)).toBe(expected);
  });
});

describe('isAbout', () => {
  it('knows Docker Hub by the name that is dialled', () => {
    expect(isAbout(['docker.io'], 'registry-1.docker.io')).toBe(true);
    expect(isAbout(['docker.io'], 'quay.io')).toBe(false);
  });
});
