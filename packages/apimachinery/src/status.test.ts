import { describe, expect, it } from 'vitest';
import { notFound } from './resource-failures.ts';
import { isStatus } from './status.ts';

describe('isStatus', () => {
  it('knows the Status it would send itself', () => {
    const name = { group: 'g', resource: 'things', kind: 'Thing', name: 'x' };
    expect(isStatus(JSON.parse(JSON.stringify(notFound(name))))).toBe(true);
    expect(isStatus({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' })).toBe(
      true,
    );
  });

  it.each([
    ['null', null],
    ['a text', 'Status'],
    ['a list', ['Status']],
    ['another kind', { kind: 'ImageStream', apiVersion: 'v1', status: 'Failure' }],
    ['another version', { kind: 'Status', apiVersion: 'v2', status: 'Failure' }],
    ['an object whose status is an object', { kind: 'Status', apiVersion: 'v1', status: {} }],
  ])('refuses %s', (_, value) => {
    expect(isStatus(value)).toBe(false);
  });
});
