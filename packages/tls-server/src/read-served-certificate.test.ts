import { createPrivateKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCertificateForTest } from '../../../apps/api/src/testing/certificate-for-test.ts';
import { readServedCertificate } from './read-served-certificate.ts';

const HOSTS = ['localhost', '127.0.0.1', '::1', 'tags.example.com'];

type MadeCertificate = Awaited<ReturnType<typeof openCertificateForTest>>;

describe('readServedCertificate', () => {
  let made: MadeCertificate;
  let other: MadeCertificate;

  beforeAll(async () => {
    made = await openCertificateForTest(HOSTS);
    other = await openCertificateForTest(HOSTS);
  });

  afterAll(() => {
    made[Symbol.dispose]();
    other[Symbol.dispose]();
  });

  function write(name: string, content: string): string {
    const path = join(made.folder, name);
    writeFileSync(path, content);
    return path;
  }

  it('is undefined when no certificate is named', async () => {
    expect(await readServedCertificate({}, 'api')).toBeUndefined();
  });

  it('reads a certificate and the key that belongs to it', async () => {
    const served = await readServedCertificate(made, 'api');
    expect(served).toMatchObject({ certificatePem: made.certificatePem, keyPem: made.keyPem });
    expect(new Date(served?.expires ?? 0).getTime()).toBeGreaterThan(Date.now());
  });

  it('reads a chain, and both from one file', async () => {
    const certificateFile = write('all.pem', made.certificatePem + made.caPem + made.keyPem);
    expect(
      await readServedCertificate({ certificateFile, keyFile: certificateFile }, 'api'),
    ).toBeDefined();
  });

  it('knows which names and addresses the certificate covers', async () => {
    const served = await readServedCertificate(made, 'api');
    const covered = [
      'localhost',
      'LOCALHOST',
      '127.0.0.1',
      '::1',
      '0:0:0:0:0:0:0:1',
      HOSTS[3] ?? '',
    ];
    const others = ['127.0.0.2', 'example.com', 'a.tags.example.com', 'Tagtrail API', ''];
    expect(covered.filter((host) => !served?.covers(host))).toEqual([]);
    expect(others.filter((host) => served?.covers(host))).toEqual([]);
  });

  const locked = () =>
    createPrivateKey(made.keyPem)
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
      .toString();

  it.each([
    [
      'a missing file',
      () => ({ certificateFile: '/nowhere/c.pem' }),
      'cannot read /nowhere/c.pem (api.certificateFile): there is no such file',
    ],
    [
      'a folder',
      () => ({ keyFile: made.folder }),
      /^cannot read .* \(api\.keyFile\): it is a folder$/,
    ],
    [
      'something else',
      () => ({ certificateFile: write('x', 'hello') }),
      /x \(api\.certificateFile\) does not begin with a certificate in PEM$/,
    ],
    [
      'a key in the place of the certificate',
      () => ({ certificateFile: made.keyFile }),
      /key\.pem \(api\.certificateFile\) does not begin with a certificate/,
    ],
    [
      'a certificate in the place of the key',
      () => ({ keyFile: made.certificateFile }),
      /certificate\.pem \(api\.keyFile\) holds no private key in PEM$/,
    ],
    [
      'a locked key',
      () => ({ keyFile: write('locked', locked()) }),
      /locked \(api\.keyFile\) is encrypted; take its passphrase off$/,
    ],
    [
      'the key of another',
      () => ({ keyFile: other.keyFile }),
      /key\.pem \(api\.keyFile\) is not the key of .*certificate\.pem \(api\.certificateFile\)$/,
    ],
    [
      'a chain that is broken',
      () => ({
        certificateFile: write('chain', made.certificatePem + made.caPem.replace('MII', 'AAA')),
      }),
      /chain \(api\.certificateFile\) cannot be served: /,
    ],
    [
      'an endless file',
      () => ({ keyFile: '/dev/zero' }),
      '/dev/zero (api.keyFile) has more than 262144 bytes',
    ],
  ])('refuses %s in words', async (_, wrong, message) => {
    await expect(readServedCertificate({ ...made, ...wrong() }, 'api')).rejects.toMatchObject({
      name: 'CertificateError',
      code: 'cannot-serve-certificate',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });
});
