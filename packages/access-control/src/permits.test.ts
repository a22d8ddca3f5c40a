import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVERYWHERE, type Grant } from './access.ts';
import { governs, permits, ROLES } from './permits.ts';

const namespace = fc.constantFrom('demo', 'shop', 'infra');
const place = fc.oneof(namespace, fc.constant(EVERYWHERE));
const role = fc.constantFrom(...ROLES);
const grant: fc.Arbitrary<Grant> = fc.record({ role, namespace: place });
const grants = fc.array(grant, { maxLength: 4 });

describe('permits', () => {
  it('gives nothing to whoever was granted nothing', () => {
    fc.assert(
      fc.property(role, place, (wanted, where) => {
        expect(permits({ grants: [] }, wanted, where)).toBe(false);
      }),
    );
  });

  it('never takes anything away for one grant more', () => {
    fc.assert(
      fc.property(grants, grant, role, place, (some, more, wanted, where) => {
        fc.pre(permits({ grants: some }, wanted, where));
        expect(permits({ grants: [...some, more] }, wanted, where)).toBe(true);
      }),
    );
  });

  it('gives every lesser role with a role', () => {
    fc.assert(
      fc.property(grants, role, role, place, (some, one, other, where) => {
        fc.pre(permits({ grants: some }, one, where));
        fc.pre(ROLES.indexOf(other) <= ROLES.indexOf(one));
        expect(permits({ grants: some }, other, where)).toBe(true);
      }),
    );
  });

  it('gives in each namespace what it gives everywhere', () => {
    fc.assert(
      fc.property(grants, role, namespace, (some, wanted, where) => {
        fc.pre(permits({ grants: some }, wanted, EVERYWHERE));
        expect(permits({ grants: some }, wanted, where)).toBe(true);
      }),
    );
  });

  it('gives nothing in a namespace for grants in others, and nothing everywhere for any number of them', () => {
    fc.assert(
      fc.property(fc.array(grant), role, (all, wanted) => {
        const elsewhere = all.filter((one) => one.namespace !== EVERYWHERE);
        const notShop = elsewhere.filter((one) => one.namespace !== 'shop');
        expect(permits({ grants: elsewhere }, wanted, EVERYWHERE)).toBe(false);
        expect(permits({ grants: notShop }, wanted, 'shop')).toBe(false);
      }),
    );
  });

  it('does not take a namespace without a name, or with the name of everywhere in it, for another one', () => {
    const admin = { grants: [{ role: 'admin', namespace: 'demo' }] as const };
    for (const where of ['', 'demo/', 'Demo', 'demo ', '*/demo']) {
      expect(permits(admin, 'view', where)).toBe(false);
    }
  });
});

describe('governs', () => {
  it('holds for an admin everywhere and every token', () => {
    const admin = { grants: [{ role: 'admin', namespace: EVERYWHERE }] as const };
    fc.assert(
      fc.property(grants, (some) => {
        expect(governs(admin, { grants: some })).toBe(true);
      }),
    );
  });

  it('holds for the admin of a namespace and tokens that have roles only there', () => {
    const admin = { grants: [{ role: 'admin', namespace: 'demo' }] as const };
    const tokenFor = (...namespaces: readonly string[]) => ({
      grants: namespaces.map((one) => ({ role: 'view' as const, namespace: one })),
    });
    expect(governs(admin, tokenFor('demo'))).toBe(true);
    expect(governs(admin, tokenFor('demo', 'shop'))).toBe(false);
    expect(governs(admin, tokenFor(EVERYWHERE))).toBe(false);
    expect(governs({ grants: [{ role: 'edit', namespace: 'demo' }] }, tokenFor('demo'))).toBe(
      false,
    );
  });
});
