import { describe, expect, it } from 'vitest';
import { openStage, type StageOptions } from './open-stage.ts';

const ACCOUNT = { username: 'robot', password: 'secret-of-the-robot' };
const PRIVATE: StageOptions = { auth: ACCOUNT, account: ACCOUNT };

async function openPushed(faults: readonly string[], options: StageOptions = {}) {
  const stage = await openStage(faults, options);
  const push = stage.simulator.push('shop/web', 'v1');
  const known = { upstreamDigest: push.digest, image: push.digest };
  return { ...stage, push, imported: { kind: 'imported', ...known }, known };
}

describe('redirects', () => {
  it('57: takes its Authorization along to no other host', async () => {
    await using stage = await openPushed(['signed-redirect'], PRIVATE);
    expect(await stage.look('shop/web:v1')).toMatchObject(stage.imported);
    expect(stage.leaks()).toEqual([]);
    const served = stage.simulator.requests.filter(({ status }) => status === 200);
    expect(served.map(({ host }) => host.replace(/:\d+$/, ''))).toEqual(
      expect.arrayContaining(['localhost']),
    );
  });

  it('58: gets an anonymous token for the registry that a HEAD is redirected to', async () => {
    await using stage = await openPushed(['head-redirect-to-registry']);
    expect(await stage.look('shop/web:v1')).toMatchObject(stage.imported);
    const tokens = stage.simulator.requests.filter(({ route }) => route === 'token');
    expect(tokens.map(({ authorization }) => authorization)).toEqual(['none', 'none']);
  });

  it('58: shows no credentials to a registry that it is redirected to', async () => {
    await using stage = await openPushed(['head-redirect-to-registry'], PRIVATE);
    const outcome = await stage.look('shop/web:v1');
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'Unauthorized' });
    expect(JSON.stringify(outcome)).not.toContain(ACCOUNT.password);
    expect(stage.leaks()).toEqual([]);
  });

  it('59: follows five redirects and no more', async () => {
    await using stage = await openPushed(['redirect-loop']);
    expect(await stage.look('shop/web:v1')).toMatchObject({
      kind: 'failed',
      reason: 'RegistryError',
      message: expect.stringContaining('redirected more than 5 times'),
    });
    expect(stage.asked()).toHaveLength(6);
  });

  it('59: does not go from https to plain http, not even for an insecure tag', async () => {
    await using stage = await openPushed(['redirect-to-http']);
    expect(await stage.look('shop/web:v1')).toMatchObject({
      kind: 'failed',
      reason: 'RegistryError',
      message: expect.stringContaining('redirected from https to plain http at localhost'),
    });
    expect(stage.asked()).toEqual(['HEAD tag']);
  });

  it('77: follows no redirect of a token service to https, and says so', async () => {
    await using stage = await openPushed(['token-http-to-https'], PRIVATE);
    const outcome = await stage.look('shop/web:v1');
    expect(outcome).toMatchObject({
      kind: 'failed',
      reason: 'RegistryError',
      message: expect.stringContaining('redirects, which is not followed'),
    });
    expect(JSON.stringify(outcome)).not.toContain(ACCOUNT.password);
    expect(stage.asked()).toEqual(['HEAD tag', 'GET token']);
  });

  it('78: gets an anonymous token for the registry that content is redirected to', async () => {
    await using stage = await openPushed(['redirected-challenge']);
    expect(await stage.look('shop/web:v1')).toMatchObject(stage.imported);
    const tokens = stage.simulator.requests.filter(({ route }) => route === 'token');
    expect(tokens.map(({ host }) => host.replace(/:\d+$/, ''))).toEqual(['localhost']);
    expect(tokens.map(({ authorization }) => authorization)).toEqual(['none']);
  });

  it('79: does not depend on what /v2/ answers', async () => {
    await using stage = await openPushed(['ping-redirect'], PRIVATE);
    expect(await stage.look('shop/web:v1')).toMatchObject(stage.imported);
    expect(stage.asked()).not.toContain('GET ping');
  });
});

describe('somebody else in the place of the registry', () => {
  it('62: takes no page to sign in for a manifest or a list', async () => {
    await using stage = await openPushed(['html-200']);
    expect(await stage.look('shop/web:v1')).toMatchObject({
      kind: 'failed',
      reason: 'InvalidManifest',
    });
    expect(stage.asked()).toEqual(['HEAD tag', 'GET tag', 'GET digest']);
    expect(stage.saved).toEqual([]);
    expect(await stage.list('shop/web')).toMatchObject({
      kind: 'failed',
      reason: 'RegistryError',
      message: expect.stringContaining('something else than JSON'),
    });
  });

  it('62: quotes no HTML of an error', async () => {
    await using stage = await openPushed(['html-502']);
    const listed = await stage.list('shop/web');
    expect(listed).toMatchObject({
      kind: 'failed',
      reason: 'RegistryError',
      retryable: true,
      message: expect.stringMatching(/the server answered 502$/),
    });
  });

  it('63: says NotFound of what a mirror has not fetched yet', async () => {
    await using stage = await openPushed(['mirror-404']);
    expect(await stage.look('shop/web:v1', { known: stage.known })).toMatchObject({
      kind: 'failed',
      reason: 'NotFound',
    });
    expect(stage.asked()).toEqual(['HEAD tag', 'GET tag']);
  });

  it('63: may ask a mirror again whose upstream limits it', async () => {
    await using stage = await openPushed(['mirror-500']);
    expect(await stage.look('shop/web:v1')).toMatchObject({
      kind: 'failed',
      reason: 'RegistryError',
      retryable: true,
    });
    expect(stage.asked()).toEqual(['HEAD tag']);
  });

  it('63: records what a stale mirror serves as what it serves', async () => {
    await using stage = await openPushed(['mirror-stale']);
    stage.simulator.push('shop/web', 'v1');
    expect(await stage.look('shop/web:v1')).toMatchObject(stage.imported);
  });
});
