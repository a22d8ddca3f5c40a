import { describe, expect, it } from 'vitest';
import { NEW_IMAGE, openStage, type StageOptions } from './open-stage.ts';

const ACCOUNT = { username: 'robot', password: 'secret-of-the-robot' };
/** A registry with one account, and a client that has it. */
const PRIVATE: StageOptions = { auth: ACCOUNT, account: ACCOUNT };

/** What a look at a new tag asks of a registry that is met for the first time. */
const WITH_TOKEN = ['HEAD tag', 'GET token', ...NEW_IMAGE];

const UNAUTHORIZED = { kind: 'failed', reason: 'Unauthorized' };

async function openPushed(faults: readonly string[], options: StageOptions = {}) {
  const stage = await openStage(faults, options);
  const push = stage.simulator.push('shop/web', 'v1');
  const known = { upstreamDigest: push.digest, image: push.digest };
  return { ...stage, imported: { kind: 'imported', ...known }, known };
}

describe('challenges', () => {
  it('41: asks /v2/ for the challenge that a refusal leaves out', async () => {
    await using stage = await openPushed(['challenge-on-ping-only'], PRIVATE);
    expect(await stage.look('shop/web:v1')).toMatchObject(stage.imported);
    expect(stage.asked()).toEqual(['HEAD tag', 'GET ping', 'GET token', ...NEW_IMAGE]);
  });

  it.each(['basic-before-bearer', 'basic-behind-bearer'])(
    '42: finds Bearer among the challenges of one header: %s',
    async (name) => {
      await using stage = await openPushed([name], PRIVATE);
      expect(await stage.look('shop/web:v1')).toMatchObject(stage.imported);
      expect(stage.asked()).toEqual(WITH_TOKEN);
    },
  );

  it('43: takes no Basic realm for a token service', async () => {
    await using stage = await openPushed(['basic-realm-url'], PRIVATE);
    expect(await stage.look('shop/web:v1')).toMatchObject(stage.imported);
    expect(stage.asked()).toEqual(['HEAD tag', ...NEW_IMAGE]);
  });

  it('47: asks for its own repository besides a scope that names another one', async () => {
    await using stage = await openPushed(['literal-scope'], PRIVATE);
    expect(await stage.look('shop/web:v1')).toMatchObject(stage.imported);
    expect(stage.asked()).toEqual(WITH_TOKEN);
  });

  it('48: asks for the wider scope that the registry demands', async () => {
    await using stage = await openPushed(['wider-scope'], PRIVATE);
    expect(await stage.look('shop/web:v1')).toMatchObject(stage.imported);
    expect(stage.asked()).toEqual(WITH_TOKEN);
    const token = stage.simulator.requests.find(({ route }) => route === 'token');
    expect(new URLSearchParams(token?.query).getAll('scope')).toEqual([
      'repository:shop/web:metadata_read,pull',
    ]);
  });

  it('49: finds a token service that is named by a path', async () => {
    await using stage = await openPushed(['realm-relative'], PRIVATE);
    expect(await stage.look('shop/web:v1')).toMatchObject(stage.imported);
    expect(stage.asked()).toEqual(WITH_TOKEN);
  });

  it('49: asks a token service that has no name for itself', async () => {
    await using stage = await openPushed(['no-service'], PRIVATE);
    expect(await stage.look('shop/web:v1')).toMatchObject(stage.imported);
    expect(stage.asked()).toEqual(WITH_TOKEN);
    const token = stage.simulator.requests.find(({ route }) => route === 'token');
    expect(new URLSearchParams(token?.query).has('service')).toBe(false);
  });
});

describe('tokens', () => {
  it.each(['access-token-only', 'empty-token-beside'])('44: finds the token: %s', async (name) => {
    await using stage = await openPushed([name]);
    expect(await stage.look('shop/web:v1')).toMatchObject(stage.imported);
    expect(stage.asked()).toEqual(WITH_TOKEN);
  });

  it('44: says that a reply holds no token, after one request for it', async () => {
    await using stage = await openPushed(['no-token']);
    expect(await stage.look('shop/web:v1')).toMatchObject({
      kind: 'failed',
      reason: 'RegistryError',
      message: expect.stringContaining('the reply holds no usable token'),
    });
    expect(stage.asked()).toEqual(['HEAD tag', 'GET token']);
  });

  it.each(['no-token-expiry', 'token-expires-at-once', 'issued-at-skewed'])(
    '45: uses a token for a minute at least, by its own clock: %s',
    async (name) => {
      let now = Date.now();
      await using stage = await openPushed([name], { now: () => now });
      await stage.look('shop/web:v1');
      expect(stage.asked()).toEqual(WITH_TOKEN);
      now += 40_000;
      await stage.look('shop/web:v1', { known: stage.known });
      expect(stage.asked()).toEqual(['HEAD tag']);
    },
  );

  it('45: gets another token once when one dies before its time', async () => {
    let now = Date.now();
    const options = { now: () => now, auth: { expiresIn: 60 } };
    await using stage = await openPushed(['token-promises-more'], options);
    await stage.look('shop/web:v1');
    stage.asked();
    now += 120_000;
    expect(await stage.look('shop/web:v1', { known: stage.known })).toMatchObject({
      kind: 'unchanged',
    });
    expect(stage.asked()).toEqual(['HEAD tag', 'GET token', 'HEAD tag']);
  });

  it('46: gets another token once when an old one is refused with 400 or 403', async () => {
    for (const name of ['expired-token-400', 'expired-token-403']) {
      let now = Date.now();
      const options = { now: () => now, auth: { expiresIn: 60 } };
      await using stage = await openPushed([name, 'token-promises-more'], options);
      await stage.look('shop/web:v1');
      stage.asked();
      now += 120_000;
      expect(await stage.look('shop/web:v1', { known: stage.known })).toMatchObject({
        kind: 'unchanged',
      });
      expect(stage.asked()).toEqual(['HEAD tag', 'GET token', 'HEAD tag']);
    }
  });

  it('55: sends no token that is larger than headers may be', async () => {
    await using stage = await openPushed(['huge-token']);
    expect(await stage.look('shop/web:v1')).toMatchObject({
      kind: 'failed',
      reason: 'RegistryError',
      message: expect.stringMatching(/larger than 65536 bytes|no usable token/),
    });
    expect(stage.asked()).toEqual(['HEAD tag', 'GET token']);
  });

  it('55: says that the registry finds its token too large, and does not insist', async () => {
    await using stage = await openPushed(['token-too-large-431']);
    expect(await stage.look('shop/web:v1')).toMatchObject({
      kind: 'failed',
      reason: 'RegistryError',
      message: expect.stringContaining('the server answered 431'),
    });
    expect(stage.asked()).toEqual(['HEAD tag', 'GET token', 'HEAD tag']);
  });
});

describe('credentials', () => {
  it('50: never dials the address where clouds keep machine credentials', async () => {
    await using stage = await openPushed(['realm-metadata-address'], PRIVATE);
    expect(await stage.look('shop/web:v1')).toMatchObject({
      kind: 'failed',
      reason: 'Forbidden',
      message: expect.stringContaining('link-local addresses are never contacted'),
    });
    expect(stage.asked()).toEqual(['HEAD tag']);
  });

  it('50: asks a token service of another host without the credentials', async () => {
    await using stage = await openPushed(['realm-elsewhere'], PRIVATE);
    const outcome = await stage.look('shop/web:v1');
    expect(outcome).toMatchObject(UNAUTHORIZED);
    expect(JSON.stringify(outcome)).not.toContain(ACCOUNT.password);
    expect(stage.asked()).toEqual(['HEAD tag', 'GET token']);
    expect(stage.leaks()).toEqual([]);
  });

  it('50: follows no redirect of a token service', async () => {
    await using stage = await openPushed(['token-redirect'], PRIVATE);
    expect(await stage.look('shop/web:v1')).toMatchObject({
      kind: 'failed',
      reason: 'RegistryError',
      message: expect.stringContaining('redirects, which is not followed'),
    });
    expect(stage.asked()).toEqual(['HEAD tag', 'GET token']);
    expect(stage.leaks()).toEqual([]);
  });

  it('51: tries again once when a good token is refused', async () => {
    await using stage = await openPushed(['sometimes-401']);
    expect(await stage.look('shop/web:v1')).toMatchObject(stage.imported);
    expect(stage.asked()).toEqual([
      ...['HEAD tag', 'GET token', 'HEAD tag', 'GET digest', 'GET token', 'GET digest'],
      'GET blob',
    ]);
  });

  it('51: gives up after two refusals, so that nobody blocks it', async () => {
    await using stage = await openPushed(['always-401'], PRIVATE);
    expect(await stage.look('shop/web:v1')).toMatchObject(UNAUTHORIZED);
    expect(stage.asked()).toEqual(['HEAD tag', 'GET token', 'HEAD tag']);
  });

  it('52: says that its credentials are refused, and does not go on without them', async () => {
    await using stage = await openPushed(['credentials-refused'], { account: ACCOUNT });
    const outcome = await stage.look('shop/web:v1');
    expect(outcome).toMatchObject({
      ...UNAUTHORIZED,
      message: expect.stringContaining('check the credentials configured for 127.0.0.1'),
    });
    expect(JSON.stringify(outcome)).not.toContain(ACCOUNT.password);
    expect(stage.asked()).toEqual(['HEAD tag', 'GET token']);
  });

  it('53: says of a 401 that the repository may not exist', async () => {
    await using stage = await openPushed(['unknown-is-401'], PRIVATE);
    expect(await stage.look('shop/none:v1')).toMatchObject({
      ...UNAUTHORIZED,
      message: expect.stringContaining('the repository does not exist, or'),
    });
    expect(stage.asked()).toEqual(['HEAD tag', 'GET token', 'HEAD tag']);
  });

  it('53: says Forbidden of a 403, whatever is behind it', async () => {
    await using stage = await openPushed(['unknown-is-403'], PRIVATE);
    expect(await stage.look('shop/none:v1')).toMatchObject({ kind: 'failed', reason: 'Forbidden' });
    expect(stage.asked()).toEqual(['HEAD tag', 'GET token', 'HEAD tag']);
  });

  it('54: gets a token without credentials where everybody needs one', async () => {
    await using stage = await openPushed(['anonymous-token']);
    expect(await stage.look('shop/web:v1')).toMatchObject(stage.imported);
    expect(stage.asked()).toEqual(WITH_TOKEN);
  });

  it('56: shows its credentials with every request that needs them', async () => {
    await using stage = await openPushed(['auth-on-every-request'], PRIVATE);
    expect(await stage.look('shop/web:v1')).toMatchObject(stage.imported);
    expect(stage.asked()).toEqual(['HEAD tag', ...NEW_IMAGE]);
    const shown = stage.simulator.requests.map(({ authorization }) => authorization);
    expect(shown).toEqual(['none', 'basic', 'basic', 'basic']);
  });
});
