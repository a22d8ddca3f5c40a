import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { outputOf, programsOnPath } from './real-programs.ts';

/** A proxy that ends TLS, as an operator puts before the API. */
export interface TlsFront extends AsyncDisposable {
  readonly url: string;
  /** PEM of the certificate, which is its own authority. */
  readonly certificate: string;
}

/** Opens a TLS proxy on 127.0.0.1 before `port`; key and certificate are made in `folder`. */
export async function openTlsFront(port: number, folder: string): Promise<TlsFront> {
  const { key, certificate } = await makeCertificate(folder);
  const server = createServer({ key, cert: certificate }, (incoming, response) => {
    const { method, url: path, headers } = incoming;
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    response.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${own}`,
    certificate,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function makeCertificate(folder: string): Promise<{ key: string; certificate: string }> {
  const [openssl = ''] = programsOnPath('openssl');
  const key = join(folder, 'key.pem');
  const certificate = join(folder, 'certificate.pem');
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', key, '-out', certificate];
  await outputOf(openssl, ['req', ...kind, ...name, ...files, '-days', '2'], { home: folder });
  return { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') };
}
