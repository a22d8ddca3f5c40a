import { once } from 'node:events';
import { connect, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type ImportOutcome, LONGEST_SPREAD } from '@tagtrail/image-stream';
import { describe, expect, it } from 'vitest';
import { created, look, record } from '../../packages/image-stream/src/testing/a-record.ts';
import { T1 } from '../../packages/image-stream/src/testing/a-stream.ts';
import { NEW_IMAGE, openStage, type StageOptions } from './open-stage.ts';

const HOUR = 60 * 60 * 1000;

async function openPushed(faults: readonly string[], options: StageOptions = {}) {
  const stage = await openStage(faults, options);
  const push = stage.simulator.push('shop/web', 'v1');
  const known = { upstreamDigest: push.digest, image: push.digest };
  return { ...stage, imported: { kind: 'imported', ...known }, known };
}

const retryAfterOf = (outcome: ImportOutcome) =>
  outcome.kind === 'failed' ? outcome.retryAfter : undefined;

/** ms until the tag is due again when this is what the first look found. */
function waitAfter(outcome: ImportOutcome): number {
  const { checks } = record(created(), [look(1, outcome)], T1);
  return (checks.get('latest')?.nextDue ?? Number.NaN) - T1;
}

describe('limits', () => {
  it.each([
    ['64', 'retry-after-epoch'],
    ['65', 'retry-after-date'],
    ['65', 'retry-after-past'],
    ['65', 'retry-after-duration'],
    ['65', 'retry-after-zero'],
    ['65', 'retry-after-nonsense'],
    ['65', 'no-retry-after'],
  ])('%s: waits from a second to an hour after %s', async (_, name) => {
    await using stage = await openPushed([name]);
    const outcome = await stage.look('shop/web:v1');
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'TooManyRequests' });
    expect(retryAfterOf(outcome) ?? 0).toBeLessThanOrEqual(HOUR);
    expect(waitAfter(outcome)).toBeGreaterThanOrEqual(1_000);
    // Each tag comes back at its own moment of the minute after it.
    expect(waitAfter(outcome)).toBeLessThanOrEqual(HOUR + LONGEST_SPREAD);
    expect(stage.asked()).toEqual(['HEAD tag']);
  });

  it('65: makes an hour of a date that is far ahead', async () => {
    await using stage = await openPushed(['retry-after-date']);
    expect(retryAfterOf(await stage.look('shop/web:v1'))).toBe(HOUR);
  });

  it.each(['rate-limit-without-number', 'rate-limit-zero-on-200'])(
    '66: goes by the status, not by %s',
    async (name) => {
      await using stage = await openPushed([name]);
      expect(await stage.look('shop/web:v1')).toMatchObject(stage.imported);
      expect(stage.asked()).toEqual(NEW_IMAGE);
    },
  );

  it('68: takes TOOMANYREQUESTS for a limit, whatever status it comes with', async () => {
    await using stage = await openPushed([]);
    stage.simulator.faults.setNamed('too-many-as-403', { method: 'GET' });
    expect(await stage.look('shop/web:v1')).toMatchObject({
      kind: 'failed',
      reason: 'TooManyRequests',
      retryable: true,
    });
  });
});

describe('connections', () => {
  it('70: says that the connection was closed, after one HEAD', async () => {
    await using stage = await openPushed(['head-eof']);
    expect(await stage.look('shop/web:v1')).toMatchObject({
      kind: 'failed',
      reason: 'ConnectionFailed',
      retryable: true,
    });
    expect(stage.asked()).toEqual(['HEAD tag']);
  });

  it('70: asks once more where a kept connection was closed', async () => {
    await using stage = await openPushed([]);
    await stage.look('shop/web:v1');
    stage.asked();
    stage.simulator.faults.setNamed('head-eof', { first: 1 });
    expect(await stage.look('shop/web:v1', { known: stage.known })).toMatchObject({
      kind: 'unchanged',
    });
    expect(stage.asked()).toEqual(['HEAD tag', 'HEAD tag']);
  });

  it('71: records nothing of a manifest that was cut off', async () => {
    await using stage = await openPushed(['truncated-body']);
    expect(await stage.look('shop/web:v1')).toMatchObject({
      kind: 'failed',
      reason: 'ConnectionFailed',
      retryable: true,
    });
    expect(stage.saved).toEqual([]);
    expect(stage.asked().length).toBeLessThanOrEqual(3);
  });

  it('71: says that a body stopped halfway', async () => {
    await using stage = await openPushed(['body-stalls'], { limits: { bodyTimeout: 200 } });
    expect(await stage.look('shop/web:v1')).toMatchObject({
      kind: 'failed',
      reason: 'Timeout',
      message: expect.stringContaining('the reply stopped halfway'),
    });
    expect(stage.asked()).toEqual(['HEAD tag', 'GET digest']);
  });

  it('71: ends a look at its deadline, however alive the body is', async () => {
    await using stage = await openPushed(['body-crawls'], { deadline: 1_500 });
    expect(await stage.look('shop/web:v1')).toMatchObject({
      kind: 'failed',
      reason: 'Timeout',
      message: expect.stringContaining('no complete answer'),
    });
    expect(stage.asked()).toEqual(['HEAD tag', 'GET digest']);
  });

  it('72: asks once per look while a registry answers 503', async () => {
    await using stage = await openPushed(['burst-of-503']);
    for (let look = 0; look < 3; look += 1) {
      const outcome = await stage.look('shop/web:v1', { known: stage.known });
      expect(outcome).toMatchObject({ reason: 'RegistryError', retryable: true });
      expect(waitAfter(outcome)).toBeGreaterThanOrEqual(1_000);
    }
    expect(stage.asked()).toEqual(['HEAD tag', 'HEAD tag', 'HEAD tag']);
    expect(await stage.look('shop/web:v1', { known: stage.known })).toMatchObject({
      kind: 'unchanged',
    });
  });

  it('72: takes trouble of a token service for trouble, not for a refusal', async () => {
    await using stage = await openPushed(['token-500']);
    expect(await stage.look('shop/web:v1')).toMatchObject({
      kind: 'failed',
      reason: 'RegistryError',
      retryable: true,
    });
    expect(stage.asked()).toEqual(['HEAD tag', 'GET token']);
  });

  it('73: keeps the history of a tag that is gone', async () => {
    await using stage = await openPushed([]);
    const before = record(created(), [look(1, await stage.look('shop/web:v1'))], T1);
    stage.simulator.faults.setNamed('tag-gone');
    stage.asked();
    const gone = await stage.look('shop/web:v1', { known: stage.known });
    expect(gone).toMatchObject({ kind: 'failed', reason: 'NotFound' });
    expect(stage.asked()).toEqual(['HEAD tag']);
    const after = record(before, [look(2, gone)], T1 + HOUR);
    const [tag] = after.stream.status.tags ?? [];
    expect(tag?.items?.map(({ image }) => image)).toEqual([stage.known.image]);
    expect(tag?.conditions).toMatchObject([{ status: 'False', reason: 'NotFound' }]);
  });

  it('75: goes by its own clock', async () => {
    await using stage = await openPushed(['clock-ahead', 'anonymous-token']);
    expect(await stage.look('shop/web:v1')).toMatchObject(stage.imported);
    const date = new Date(Date.now() + HOUR + 30_000).toUTCString();
    stage.simulator.faults.set({ route: 'manifest' }, { status: 429, retryAfter: date });
    expect(retryAfterOf(await stage.look('shop/web:v1'))).toBe(HOUR);
  });

  it('81: does not wait for a registry that takes the request and says nothing', async () => {
    await using stage = await openPushed(['hang'], { limits: { headersTimeout: 200 } });
    expect(await stage.look('shop/web:v1')).toMatchObject({
      kind: 'failed',
      reason: 'Timeout',
      retryable: true,
      message: expect.stringContaining('no reply in time'),
    });
    expect(stage.asked()).toEqual(['HEAD tag']);
  });
});

describe('certificates', () => {
  it.each([
    ['self-signed', 'the certificate is self-signed'],
    ['chain-incomplete', 'the certificate was issued by an unknown authority'],
  ])('74: sends nothing to a registry whose certificate is in doubt: %s', async (name, words) => {
    await using stage = await openPushed([name]);
    expect(await stage.look('shop/web:v1', { insecure: false })).toMatchObject({
      kind: 'failed',
      reason: 'TLSError',
      message: expect.stringContaining(words),
    });
    expect(stage.asked()).toEqual([]);
    expect(await stage.look('shop/web:v1', { insecure: true })).toMatchObject(stage.imported);
  });

  it.each([
    ['certificate-expired', 'the certificate has expired'],
    ['certificate-of-another', 'the certificate belongs to another host'],
  ])('74: sends nothing where a trusted signer does not help: %s', async (name, words) => {
    await using stage = await openPushed([name]);
    await trustWhatIsShownAt(stage.simulator.host);
    expect(await stage.look('shop/web:v1', { insecure: false })).toMatchObject({
      kind: 'failed',
      reason: 'TLSError',
      message: expect.stringContaining(words),
    });
    expect(stage.asked()).toEqual([]);
  });
});

/** As if its signer were one of the system's. */
async function trustWhatIsShownAt(host: string): Promise<void> {
  const socket = connect({ port: Number(host.split(':')[1]), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const lines = socket.getPeerCertificate().raw.toString('base64');
  socket.destroy();
  const pem = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  setDefaultCACertificates([...getCACertificates(), pem]);
}
