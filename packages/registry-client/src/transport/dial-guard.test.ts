import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { createDialGuard, type GuardTerms, sortOut } from './dial-guard.ts';

const STRICT: GuardTerms = { reach: 'led', allowsPrivate: false };
const LENIENT: GuardTerms = { reach: 'named', allowsPrivate: true };

const lookUp = (host: string, terms: GuardTerms) =>
  new Promise<readonly LookupAddress[]>((resolve, reject) => {
    createDialGuard(terms).lookup(host, { all: true }, (error, found) => {
      if (error === null && Array.isArray(found)) resolve(found);
      else reject(error);
    });
  });

describe('an address in place of a name', () => {
  it('is refused where it is private, unless that is allowed', () => {
    expect(createDialGuard(STRICT).refusalOf('10.0.0.7')).toMatchObject({
      address: 'private',
      reach: 'led',
      message: '10.0.0.7 leads to a private address',
    });
    expect(createDialGuard(LENIENT).refusalOf('10.0.0.7')).toBeUndefined();
  });

  it('is refused where it is link-local, whatever is allowed', () => {
    const refusal = createDialGuard(LENIENT).refusalOf('169.254.169.254');
    expect(refusal).toMatchObject({ address: 'link-local' });
  });

  it.each(['1.1.1.1', '2606:4700::1111', 'registry.example'])('lets %s pass', (host) => {
    expect(createDialGuard(STRICT).refusalOf(host)).toBeUndefined();
  });
});

describe('the lookup of a name', () => {
  it('refuses one that leads to this machine', async () => {
    await expect(lookUp('localhost', STRICT)).rejects.toMatchObject({
      message: 'localhost leads to a private address',
    });
  });

  it('finds its addresses where they are allowed', async () => {
    const [first] = await lookUp('localhost', LENIENT);
    expect(first?.address).toMatch(/^(127\.0\.0\.1|::1)$/);
  });

  it('answers with one address to whoever asks for one', async () => {
    const found = await new Promise((resolve, reject) => {
      createDialGuard(LENIENT).lookup('localhost', {}, (error, address) =>
        error === null ? resolve(address) : reject(error),
      );
    });
    expect(found).toMatch(/^(127\.0\.0\.1|::1)$/);
  });

  it('fails as the name server does', async () => {
    await expect(lookUp('nowhere.invalid', STRICT)).rejects.toMatchObject({
      code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
    });
  });
});

describe('sortOut', () => {
  const name = ['1.1.1.1', '10.0.0.7', '169.254.169.254'].map((address) => ({
    address,
    family: 4,
  }));

  it('keeps of a name with many addresses those that may be dialled', () => {
    const addresses = (terms: GuardTerms) =>
      sortOut(name, terms).dialled.map(({ address }) => address);
    expect(addresses(STRICT)).toEqual(['1.1.1.1']);
    expect(addresses(LENIENT)).toEqual(['1.1.1.1', '10.0.0.7']);
  });

  it('tells of what kind the others are', () => {
    expect(sortOut(name, STRICT).refused).toEqual(['private', 'link-local']);
  });
});
