import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueTestCertificate } from '../../registry-client/src/testing/test-certificate.ts';
import { readCertificates } from './certificates.ts';

const first = issueTestCertificate();
const second = issueTestCertificate();
const client = issueTestCertificate('DNS:worker');

let place: string;
let caFile: string;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'tagtrail-certificates-'));
  caFile = join(place, 'ca.pem');
  await writeFile(caFile, `# ours\n${first.cert}\n${second.cert}`);
});

afterAll(() => rm(place, { recursive: true }));

/** A folder as `certs.d`, of `host/file` and what is in it. */
async function layOut(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(place, 'certs.d-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

const refusal = (settings: Parameters<typeof readCertificates>[0]) =>
  readCertificates(settings).then(
    () => 'read',
    (error: Error) => error.message,
  );

describe('readCertificates', () => {
  it('has nothing to say where nothing is configured', async () => {
    expect(await readCertificates({})).toBeUndefined();
  });

  it('trusts every certificate of the file, for all registries alike', async () => {
    const source = await readCertificates({ caFile });
    const material = source?.('quay.io');
    expect(material?.ca).toHaveLength(2);
    expect(source?.('other.example:5000')).toBe(material);
  });

  it("adds each registry's own, and its pair", async () => {
    const folder = await layOut({
      'registry.example.com:5000/ca.crt': second.cert,
      'registry.example.com:5000/worker.cert': client.cert,
      'registry.example.com:5000/worker.key': client.key,
      'plain.example/..data': 'of Kubernetes',
      'plain.example/ca.crt': `${first.cert}${second.cert}`,
    });
    const source = await readCertificates({ caFile, certificatesFolder: folder });
    const material = source?.('registry.example.com:5000');
    expect(material?.ca).toHaveLength(3);
    expect(material?.client).toEqual(client);
    expect(source?.('registry.example.com')?.ca).toHaveLength(2);
    expect(source?.('plain.example:443')?.ca).toHaveLength(4);
    expect(source?.('plain.example')).not.toHaveProperty('client');
  });

  it('names the file without a certificate', async () => {
    const empty = join(place, 'empty.pem');
    await writeFile(empty, '-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n');
    expect(await refusal({ caFile: empty })).toBe(
      `registries.caFile ${empty} holds no certificate in PEM that can be read`,
    );
    expect(await refusal({ caFile: '/nowhere/ca.pem' })).toBe(
      'registries.caFile /nowhere/ca.pem cannot be read: ENOENT',
    );
    expect(await refusal({ certificatesFolder: '/nowhere' })).toBe(
      'registries.certificatesFolder /nowhere cannot be listed: ENOENT',
    );
  });

  it('reads no more than a megabyte', async () => {
    const long = join(place, 'long.pem');
    await writeFile(long, ' '.repeat(1_048_577));
    expect(await refusal({ caFile: long })).toBe(
      `registries.caFile ${long} is larger than 1048576 bytes`,
    );
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'a folder that is no host',
      { 'https___x/ca.crt': first.cert },
      '/https___x is not named by a host or host:port',
    ],
    [
      'a file of another kind',
      { 'a.example/ca.pem': first.cert },
      '/a.example/ca.pem ends with none of .crt, .cert and .key',
    ],
    [
      'a key alone',
      { 'a.example/w.key': client.key },
      '/a.example/w.key has no certificate w.cert beside it',
    ],
    [
      'a certificate alone',
      { 'a.example/w.cert': client.cert },
      '/a.example/w.key cannot be read: ENOENT',
    ],
    [
      'a key of another',
      { 'a.example/w.cert': client.cert, 'a.example/w.key': first.key },
      '/a.example/w.key does not belong to FOLDER/a.example/w.cert',
    ],
    [
      'a key that is none',
      { 'a.example/w.cert': client.cert, 'a.example/w.key': 'planted-secret' },
      '/a.example/w.key is no private key in PEM without a passphrase',
    ],
    [
      'a certificate that is none',
      { 'a.example/w.cert': 'x', 'a.example/w.key': client.key },
      '/a.example/w.cert holds no certificate in PEM that can be read',
    ],
    [
      'two pairs',
      { 'a.example/v.cert': client.cert, 'a.example/w.cert': client.cert },
      '/a.example has more than one .cert: one can be shown',
    ],
  ])('names %s, and nothing of a key', async (_, files, message) => {
    const folder = await layOut(files);
    const told = await refusal({ certificatesFolder: folder });
    expect(told.replaceAll(folder, 'FOLDER')).toBe(
      `registries.certificatesFolder FOLDER${message}`,
    );
    expect(told).not.toContain('planted-secret');
  });

  it('looks at so many files of one registry, and no more', async () => {
    const folder = await layOut({ 'a.example/0.crt': first.cert });
    const one = join(folder, 'a.example/0.crt');
    for (let at = 1; at <= 64; at += 1) await cp(one, join(folder, `a.example/${at}.crt`));
    expect(await refusal({ certificatesFolder: folder })).toBe(
      `registries.certificatesFolder ${folder}/a.example has more than 64 entries`,
    );
  });
});
