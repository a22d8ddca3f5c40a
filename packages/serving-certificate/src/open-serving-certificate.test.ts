import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openServingCertificate, type ServingCertificate } from './open-serving-certificate.ts';

const HOSTS = ['localhost', '127.0.0.1', '::1', 'tags.example.com', 'my_api'];
const FILES = ['ca-key.pem', 'ca.pem', 'certificate.pem', 'key.pem'];
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('openServingCertificate', () => {
  let parent: string;
  let folder: string;

  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'tagtrail-certificate-'));
    folder = join(parent, 'certificates');
  });

  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  const open = (options: { hosts?: readonly string[]; now?: number } = {}) =>
    openServingCertificate({ folder, hosts: HOSTS, ...options });
  const read = (pem: string) => new X509Certificate(pem);

  it('makes files that only their owner can read, and says where they are', async () => {
    const made = await open();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder).sort()).toEqual(FILES);
    for (const file of FILES) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    expect(readFileSync(made.caFile, 'utf8')).toBe(made.caPem);
    expect(readFileSync(made.certificateFile, 'utf8')).toBe(made.certificatePem);
    expect(readFileSync(made.keyFile, 'utf8')).toBe(made.keyPem);
  });

  it('makes an authority for servers only, and a certificate for the server only', async () => {
    const now = Date.UTC(2026, 4, 1, 12);
    const made = await open({ now });
    const ca = read(made.caPem);
    const server = read(made.certificatePem);
    expect([ca.ca, server.ca]).toEqual([true, false]);
    expect(server.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(server.subjectAltName).toBe(
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:tags.example.com, DNS:my_api',
    );
    expect(ca.verify(ca.publicKey) && server.verify(ca.publicKey)).toBe(true);
    expect(server.checkIssued(ca)).toBe(true);
    expect(ca.validFromDate.getTime()).toBe(now - HOUR);
    expect(ca.validToDate.getUTCFullYear()).toBe(2036);
    expect(server.validFromDate.getTime()).toBe(now - HOUR);
    expect(server.validToDate.getTime()).toBe(now - HOUR + 397 * DAY);
    expect(server.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
    expect(made.caPem).toMatch(/^-----BEGIN CERTIFICATE-----\n([\w+/=]{1,64}\n)+-----END/);
  });

  describe('in a handshake', () => {
    async function shakeHands(shown: ServingCertificate, trusted: string, servername: string) {
      const server = createServer({ key: shown.keyPem, cert: shown.certificatePem });
      server.on('secureConnection', (socket) => socket.end());
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const client = connect({ port, host: '127.0.0.1', ca: trusted, servername });
      try {
        await once(client, 'secureConnect');
        return client.authorized;
      } finally {
        client.destroy();
        server.close();
      }
    }

    it.each(['localhost', 'tags.example.com', 'my_api'])('is trusted as %s', async (name) => {
      const made = await open();
      expect(await shakeHands(made, made.caPem, name)).toBe(true);
    });

    it('is trusted by address', async () => {
      const made = await open();
      expect(await shakeHands(made, made.caPem, '')).toBe(true);
    });

    it('is not trusted under other names, nor by those who trust another authority', async () => {
      const made = await open();
      await expect(shakeHands(made, made.caPem, 'other.example.com')).rejects.toMatchObject({
        code: 'ERR_TLS_CERT_ALTNAME_INVALID',
      });
      const other = await openServingCertificate({ folder: join(parent, 'b'), hosts: HOSTS });
      await expect(shakeHands(made, other.caPem, 'localhost')).rejects.toThrow();
    });
  });

  describe('at the next start', () => {
    it('keeps what it made, whatever the order and spelling of the hosts', async () => {
      const made = await open();
      expect(await open({ hosts: [...HOSTS.map((host) => host.toUpperCase())].reverse() })).toEqual(
        made,
      );
    });

    it.each([
      ['one more', [...HOSTS, 'added.example.com']],
      ['one fewer', HOSTS.slice(1)],
      ['another', ['127.0.0.2', ...HOSTS.slice(1)]],
    ])('makes a certificate for %s host, from the same authority', async (_, hosts) => {
      const made = await open();
      const next = await open({ hosts });
      expect(next.caPem).toBe(made.caPem);
      expect(next.certificatePem).not.toBe(made.certificatePem);
      expect(next.keyPem).not.toBe(made.keyPem);
      expect(read(next.certificatePem).checkIssued(read(made.caPem))).toBe(true);
      expect(await open({ hosts })).toEqual(next);
    });

    it('renews the certificate when 30 days are left, from the same authority', async () => {
      const now = Date.UTC(2026, 0, 1);
      const made = await open({ now });
      const end = read(made.certificatePem).validToDate.getTime();
      expect(await open({ now: end - 30 * DAY - 1 })).toEqual(made);
      const next = await open({ now: end - 30 * DAY });
      expect(next.caPem).toBe(made.caPem);
      expect(read(next.certificatePem).validToDate.getTime()).toBeGreaterThan(end);
    });

    it('never lets a certificate outlive its authority, and renews both at its end', async () => {
      const made = await open({ now: Date.UTC(2026, 0, 1) });
      const end = read(made.caPem).validToDate.getTime();
      const last = await open({ now: end - 100 * DAY });
      expect(last.caPem).toBe(made.caPem);
      expect(read(last.certificatePem).validToDate.getTime()).toBe(end);
      const next = await open({ now: end - 30 * DAY });
      expect(next.caPem).not.toBe(made.caPem);
      expect(read(next.certificatePem).checkIssued(read(next.caPem))).toBe(true);
      expect(read(next.caPem).subject).not.toBe(read(made.caPem).subject);
    });

    it('makes anew what a wrong clock made for the future', async () => {
      const made = await open({ now: Date.UTC(2030, 0, 1) });
      const next = await open({ now: Date.UTC(2026, 0, 1) });
      expect(next.caPem).not.toBe(made.caPem);
    });

    const damages: readonly (readonly [string, (path: string) => void])[] = [
      ['is missing', (path) => rmSync(path)],
      ['is empty', (path) => writeFileSync(path, '')],
      ['is cut off', (path) => writeFileSync(path, readFileSync(path, 'utf8').slice(0, 150))],
      ['is something else', (path) => writeFileSync(path, 'hello\n'.repeat(20_000))],
    ];

    it.each(FILES.flatMap((file) => damages.map(([how, damage]) => ({ file, how, damage }))))(
      'makes a whole set when $file $how',
      async ({ file, damage }) => {
        const made = await open();
        damage(join(folder, file));
        const next = await open();
        expect(next.caPem === made.caPem).toBe(!file.startsWith('ca'));
        expect(read(next.certificatePem).checkIssued(read(next.caPem))).toBe(true);
        expect(await open()).toEqual(next);
      },
    );

    it.each([
      ['authority', 'ca-key.pem'],
      ['certificate', 'key.pem'],
    ])('makes the %s anew after a start that was killed between its two files', async (_, file) => {
      await open();
      const other = await openServingCertificate({ folder: join(parent, 'b'), hosts: HOSTS });
      writeFileSync(join(folder, file), readFileSync(join(parent, 'b', file)));
      const next = await open();
      expect(next.keyPem).not.toBe(other.keyPem);
      expect(read(next.certificatePem).checkIssued(read(next.caPem))).toBe(true);
    });

    it('writes over the draft of a start that was killed while it wrote', async () => {
      mkdirSync(folder);
      writeFileSync(join(folder, 'key.pem.new'), 'half', { mode: 0o644 });
      await open();
      expect(readdirSync(folder).sort()).toEqual(FILES);
      expect(statSync(join(folder, 'key.pem')).mode & 0o777).toBe(0o600);
    });

    it('does not sign with an authority that somebody else put there', async () => {
      const made = await open();
      writeFileSync(join(folder, 'ca.pem'), made.certificatePem);
      writeFileSync(join(folder, 'ca-key.pem'), made.keyPem);
      const next = await open();
      expect(read(next.caPem).ca).toBe(true);
    });
  });

  it.each([
    ['is below a file', () => writeFileSync(join(parent, 'certificates'), ''), 'ENOTDIR'],
    ['has no parent', () => rmSync(parent, { recursive: true }), 'ENOENT'],
    [
      'holds a folder in the place of a file',
      () => mkdirSync(join(parent, 'certificates', 'ca.pem'), { recursive: true }),
      'EISDIR',
    ],
    [
      'holds a file that cannot be read, and replaces nothing',
      () => {
        mkdirSync(folder);
        symlinkSync('ca.pem', join(folder, 'ca.pem'));
      },
      'ELOOP',
    ],
  ])('says so when the folder %s', async (_, spoil, code) => {
    spoil();
    await expect(open()).rejects.toMatchObject({
      name: 'ServingCertificateError',
      code: 'folder-not-usable',
      retryable: false,
      message: expect.stringMatching(
        new RegExp(`certificates.*for the server's certificate: ${code}$`),
      ),
    });
  });
});
