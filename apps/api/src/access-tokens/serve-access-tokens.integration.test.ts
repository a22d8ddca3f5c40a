import { openAccessTokens } from '@tagtrail/access-control-redis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openClientForTest } from '../../../../packages/redis-connection/src/testing/open-client-for-test.ts';
import { askAs, grantedToken } from '../testing/access-for-test.ts';
import { type ApiForTest, openApiForTest, TOKEN } from '../testing/open-api-for-test.ts';
import type { AccessTokenObject } from './access-token-object.ts';

const PATH = '/apis/tagtrail.dev/v1/accesstokens';
const DEMO = [{ role: 'view', namespace: 'demo' }];

let api: ApiForTest;
let redis: ReturnType<typeof openClientForTest>;
let asAdmin: ReturnType<typeof askAs>;

beforeAll(async () => {
  api = await openApiForTest();
  redis = openClientForTest(api.redis.url);
  asAdmin = askAs(api, TOKEN);
});
afterEach(() => redis.del('{tagtrail}:access-tokens'));
afterAll(async () => {
  redis.disconnect();
  await api[Symbol.asyncDispose]();
});

const body = (name: string, spec: object = { grants: DEMO }) => ({ metadata: { name }, spec });

async function create(name: string, spec?: object, ask = asAdmin) {
  const { code, answer } = await ask(PATH, { method: 'POST', body: body(name, spec) });
  return { code, answer, token: answer as unknown as AccessTokenObject };
}

async function namesSeenBy(ask: ReturnType<typeof askAs>): Promise<readonly string[]> {
  const items = (await ask(PATH)).answer['items'] as readonly AccessTokenObject[];
  return items.map(({ metadata }) => metadata.name);
}

describe('an access token', () => {
  it('is shown once, and works at once', async () => {
    const { code, token } = await create('ci', { grants: DEMO, expirationSeconds: 3_600 });
    const text = token.status.token ?? '';
    expect(code).toBe(201);
    expect(text).toMatch(/^tagtrail_[0-9a-f]{12}_[0-9a-f]{64}$/);
    expect(text).toContain(`_${token.metadata.uid}_`);
    const life =
      Date.parse(token.status.expirationTimestamp ?? '') -
      Date.parse(token.metadata.creationTimestamp ?? '');
    expect(life).toBe(3_600_000);
    const shown = await asAdmin(`${PATH}/ci`);
    const { token: _, ...status } = token.status;
    expect(shown.answer).toEqual({ ...token, status });
    const streams = '/apis/image.openshift.io/v1/namespaces/demo/imagestreams';
    expect((await askAs(api, text)(streams)).code).toBe(200);
  });

  it('is listed without its text', async () => {
    const { token } = await create('ci');
    await create('web');
    expect(await namesSeenBy(asAdmin)).toEqual(['ci', 'web']);
    const [, , secret = ''] = (token.status.token ?? '').split('_');
    expect(JSON.stringify((await asAdmin(PATH)).answer)).not.toContain(secret);
  });

  it('has its name for itself', async () => {
    await create('ci');
    expect(await create('ci')).toMatchObject({
      code: 409,
      answer: { message: 'accesstokens.tagtrail.dev "ci" already exists' },
    });
  });

  it.each(['name', 'id'])('is revoked by its %s', async (by) => {
    const { token } = await create('ci');
    const path = `${PATH}/${by === 'id' ? token.metadata.uid : 'ci'}`;
    const revoked = await asAdmin(path, { method: 'DELETE' });
    expect(revoked).toMatchObject({
      code: 200,
      answer: { status: 'Success', details: { uid: token.metadata.uid } },
    });
    expect((await asAdmin(path, { method: 'DELETE' })).code).toBe(404);
    expect(await namesSeenBy(asAdmin)).toEqual([]);
  });

  it('is neither made nor revoked for a try', async () => {
    const dry = `${PATH}?dryRun=All`;
    const tried = await asAdmin(dry, { method: 'POST', body: body('ci') });
    expect(tried.code).toBe(201);
    expect(tried.answer['status']).not.toHaveProperty('token');
    expect(await namesSeenBy(asAdmin)).toEqual([]);
    await create('ci');
    expect((await asAdmin(`${PATH}/ci?dryRun=All`, { method: 'DELETE' })).code).toBe(200);
    expect(await namesSeenBy(asAdmin)).toEqual(['ci']);
  });

  it('is not revoked in the place of another one', async () => {
    await create('ci');
    const preconditions = { uid: '0123456789ab' };
    const refused = await asAdmin(`${PATH}/ci`, { method: 'DELETE', body: { preconditions } });
    expect(refused.code).toBe(409);
    expect(refused.answer['message']).toMatch(
      /^Operation cannot be fulfilled on accesstokens\.tagtrail\.dev "ci": Precondition failed: UID in precondition: 0123456789ab, UID in object meta: [0-9a-f]{12}$/,
    );
    expect(await namesSeenBy(asAdmin)).toEqual(['ci']);
  });

  it('can not be watched', async () => {
    expect(await asAdmin(`${PATH}?watch=true`)).toMatchObject({
      code: 405,
      answer: { message: 'accesstokens can not be watched; list them again' },
    });
  });
});

describe('an access token that can not be made is refused', () => {
  it.each<[message: string, sent: object]>([
    [
      'metadata.name: Invalid value: "CI": must be at most 63 lower case letters, digits and "-", and begin and end with a letter or digit',
      body('CI'),
    ],
    ['metadata.name: Invalid value: 7: must be a string', { metadata: { name: 7 }, spec: {} }],
    ['metadata: Invalid value: []: must be an object', { metadata: [] }],
    ['kind: Invalid value: "Secret": must be AccessToken', { kind: 'Secret', ...body('ci') }],
    [
      'apiVersion: Invalid value: "v1": must be tagtrail.dev/v1',
      { apiVersion: 'v1', ...body('ci') },
    ],
    [
      'spec.grants: Invalid value: 0: must hold at least one role in a namespace',
      body('ci', { grants: [] }),
    ],
    ['spec.grants: Invalid value: "view": must be a list', body('ci', { grants: 'view' })],
    [
      'spec.grants[0].role: Invalid value: "root": must be one of view, edit, admin',
      body('ci', { grants: [{ role: 'root', namespace: 'demo' }] }),
    ],
    [
      'spec.expirationSeconds: Invalid value: "30d": must be a whole number of seconds',
      body('ci', { grants: DEMO, expirationSeconds: '30d' }),
    ],
  ])('%s', async (message, sent) => {
    const { code, answer } = await asAdmin(PATH, { method: 'POST', body: sent });
    expect(code).toBe(422);
    expect(answer['message']).toMatch(/^AccessToken\.tagtrail\.dev ".*" is invalid: /);
    expect(answer['message']).toContain(message);
  });

  it('because it is to last for too short a time', async () => {
    const { code, answer } = await create('ci', { grants: DEMO, expirationSeconds: 59 });
    expect(code).toBe(422);
    expect(answer['message']).toContain('must be at least a minute and at most 5 years from now');
  });

  it('because there are too many', async () => {
    const fields = Array.from({ length: 1_000 }, (_, at) => [
      at.toString(16).padStart(12, '0'),
      JSON.stringify({ name: `t${at}`, grants: [], created: 1, createdBy: 'admin', hash: '' }),
    ]);
    await redis.hset('{tagtrail}:access-tokens', Object.fromEntries(fields));
    expect(await create('ci')).toMatchObject({
      code: 403,
      answer: {
        message:
          'accesstokens.tagtrail.dev "ci" is forbidden: exceeded quota: there may be 1000 access tokens; delete those that nobody needs',
      },
    });
  });
});

describe('the admin of a namespace', () => {
  let asLead: ReturnType<typeof askAs>;

  const openLead = async () => {
    asLead = askAs(api, await grantedToken(api, [{ role: 'admin', namespace: 'demo' }]));
  };

  it('makes, sees and revokes tokens of that namespace, and no others', async () => {
    await openLead();
    await create('everywhere', { grants: [{ role: 'view', namespace: '*' }] });
    await create('both', { grants: [...DEMO, { role: 'view', namespace: 'shop' }] });
    expect((await create('own', { grants: DEMO }, asLead)).token.status.createdBy).toMatch(
      /^token-\d+$/,
    );
    const seen = await namesSeenBy(asLead);
    expect(seen).toContain('own');
    expect(seen).not.toContain('both');
    expect(seen).not.toContain('everywhere');
    expect(await asLead(`${PATH}/both`, { method: 'DELETE' })).toMatchObject({
      code: 404,
      answer: { message: 'accesstokens.tagtrail.dev "both" not found' },
    });
    expect((await asLead(`${PATH}/both`)).code).toBe(404);
    expect((await asLead(`${PATH}/own`, { method: 'DELETE' })).code).toBe(200);
    expect(await namesSeenBy(asAdmin)).toEqual(expect.arrayContaining(['both', 'everywhere']));
  });

  it('revokes no other token by its id either', async () => {
    await openLead();
    const { token } = await create('both', { grants: [{ role: 'view', namespace: 'shop' }] });
    const path = `${PATH}/${token.metadata.uid}`;
    expect((await asLead(path, { method: 'DELETE' })).code).toBe(404);
  });

  it.each([
    ['in the namespace "shop"', 'shop'],
    ['everywhere', '*'],
  ])('grants no role %s', async (place, namespace) => {
    await openLead();
    const refused = await create('ci', { grants: [...DEMO, { role: 'view', namespace }] }, asLead);
    expect(refused.code).toBe(403);
    expect(refused.answer['message']).toMatch(
      new RegExp(
        `^accesstokens\\.tagtrail\\.dev "ci" is forbidden: token "token-\\d+" is not admin ${place.replace('*', '\\*')}, so it can grant no role there$`,
      ),
    );
  });

  it('is not whoever may edit it', async () => {
    const asEditor = askAs(api, await grantedToken(api, [{ role: 'edit', namespace: 'demo' }]));
    expect((await create('ci', { grants: DEMO }, asEditor)).code).toBe(403);
    expect((await asEditor(PATH)).code).toBe(403);
  });
});

it('what is stored and can not be read is named, and can be revoked by its id', async () => {
  await redis.hset('{tagtrail}:access-tokens', '0123456789ab', 'hunter2');
  const message =
    'Internal error occurred: what is stored of the access token with the id 0123456789ab cannot be read; delete it and create another one';
  expect(await asAdmin(PATH)).toMatchObject({ code: 500, answer: { message } });
  expect((await asAdmin(`${PATH}/0123456789ab`, { method: 'DELETE' })).code).toBe(200);
  expect((await asAdmin(PATH)).code).toBe(200);
});

it('without Redis a token is neither known nor refused; that of the API is known all the same', async () => {
  await using other = await openApiForTest();
  await using store = openAccessTokens({ url: other.redis.url, name: 'test' });
  await store.list();
  await other.redis[Symbol.asyncDispose]();
  const unknown = askAs(other, `tagtrail_0123456789ab_${'0'.repeat(64)}`);
  expect(await unknown('/version')).toMatchObject({
    code: 503,
    answer: {
      message: 'Redis does not answer or takes no writes: the store of access tokens is away',
      details: { retryAfterSeconds: 2 },
    },
  });
  expect((await askAs(other, TOKEN)('/version')).code).toBe(200);
});
