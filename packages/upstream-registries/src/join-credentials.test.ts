import type { CredentialLookup } from '@tagtrail/registry-client';
import { expect, it } from 'vitest';
import { joinCredentials } from './join-credentials.ts';

const one = { username: 'one', password: '1' };
const two = { username: 'two', password: '2' };
const none: CredentialLookup = () => [];

it('keeps the order of the lookups, and answers at once where none has to ask', () => {
  const join = (a: CredentialLookup, b: CredentialLookup) => joinCredentials(a, b)('a.example');
  expect(
    join(
      () => [one],
      () => [two],
    ),
  ).toEqual([one, two]);
  expect(join(none, () => [two])).toEqual([two]);
  expect(join(() => [one], none)).toEqual([one]);
  expect(join(none, none)).toEqual([]);
});

it('waits for those that ask', async () => {
  const asked = joinCredentials(
    async () => [one],
    () => [two],
  );
  expect(await asked('a.example')).toEqual([one, two]);
  const other = joinCredentials(none, async () => [two]);
  expect(await other('a.example')).toEqual([two]);
});

it('fails only where nothing else is found', async () => {
  const broken: CredentialLookup = () => Promise.reject(new Error('broken'));
  expect(await joinCredentials(broken, () => [two])('a.example')).toEqual([two]);
  expect(await joinCredentials(() => [one], broken)('a.example')).toEqual([one]);
  await expect(joinCredentials(broken, none)('a.example')).rejects.toThrow('broken');
});
