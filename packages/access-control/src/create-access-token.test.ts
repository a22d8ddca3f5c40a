import { describe, expect, it } from 'vitest';
import { MAX_GRANTS, MAX_TOKEN_LIFE, MIN_TOKEN_LIFE } from './access-token.ts';
import { createAccessToken } from './create-access-token.ts';
import { isSecretOf, parseToken } from './token-text.ts';
import type { AccessTokenDraft } from './validate-access-token.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const GRANTS = [{ role: 'edit', namespace: 'demo' }];

const create = (draft: Partial<AccessTokenDraft>) =>
  createAccessToken({ name: 'ci', grants: GRANTS, ...draft }, { createdBy: 'admin', now: NOW });

describe('createAccessToken', () => {
  it('makes a record that knows the text, and does not hold it', () => {
    const made = create({ expires: NOW + MIN_TOKEN_LIFE });
    if (!made.ok) throw new Error('refused');
    const { id, secret } = parseToken(made.text) ?? { id: '', secret: '' };
    expect(made.record).toEqual({
      id,
      name: 'ci',
      grants: GRANTS,
      created: NOW,
      expires: NOW + MIN_TOKEN_LIFE,
      createdBy: 'admin',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(isSecretOf(secret, made.record)).toBe(true);
    expect(JSON.stringify(made.record)).not.toContain(secret);
  });

  it.each<[what: string, draft: Partial<AccessTokenDraft>]>([
    ['a name of 63 characters', { name: 'a'.repeat(63) }],
    ['a role everywhere', { grants: [{ role: 'admin', namespace: '*' }] }],
    [
      'a role everywhere and a greater one in a namespace',
      { grants: [{ role: 'view', namespace: '*' }, ...GRANTS] },
    ],
    ['a life of a minute', { expires: NOW + MIN_TOKEN_LIFE }],
    ['a life of five years', { expires: NOW + MAX_TOKEN_LIFE }],
    ['no end', {}],
  ])('takes %s', (_what, draft) => {
    expect(create(draft)).toMatchObject({ ok: true });
  });

  it.each<[field: string, message: RegExp, draft: Partial<AccessTokenDraft>]>([
    ['name', /at most 63 lower case letters/, { name: '' }],
    ['name', /at most 63 lower case letters/, { name: 'CI' }],
    ['name', /at most 63 lower case letters/, { name: 'a'.repeat(64) }],
    ['name', /at most 63 lower case letters/, { name: '-ci' }],
    ['name', /must not look like the id of a token/, { name: 'deadbeefcafe' }],
    ['name', /is the name that the token of the API goes by/, { name: 'admin' }],
    ['grants', /at least one role/, { grants: [] }],
    [
      'grants',
      /at most 50 grants/,
      {
        grants: Array.from({ length: MAX_GRANTS + 1 }, (_, at) => ({
          role: 'view',
          namespace: `n${at}`,
        })),
      },
    ],
    [
      'grants[0].role',
      /must be one of view, edit, admin/,
      { grants: [{ role: 'root', namespace: 'demo' }] },
    ],
    ['grants[0].namespace', /"\*" is everywhere/, { grants: [{ role: 'view', namespace: 'de*' }] }],
    [
      'grants[1].namespace',
      /has a role already/,
      { grants: [...GRANTS, { role: 'view', namespace: 'demo' }] },
    ],
    ['expires', /at least a minute and at most 5 years/, { expires: NOW + MIN_TOKEN_LIFE - 1 }],
    ['expires', /at least a minute and at most 5 years/, { expires: NOW + MAX_TOKEN_LIFE + 1 }],
    ['expires', /at least a minute and at most 5 years/, { expires: Number.NaN }],
  ])('refuses a draft because its %s: %s', (field, message, draft) => {
    const problem = { field, message: expect.stringMatching(message) };
    expect(create(draft)).toMatchObject({ ok: false, problems: [problem] });
  });
});
