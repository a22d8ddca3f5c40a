import { createHash, sign, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { freePort } from '../free-port.ts';
import type { KeyPair } from './gate-certificates.ts';

export const TOKEN_SERVICE = 'registry.test';
export const TOKEN_ISSUER = 'tagtrail test';
/** s. */
const LIFETIME = 300;

export interface TokenServer extends AsyncDisposable {
  /** `10.0.0.7:41234`. */
  readonly host: string;
  readonly realm: string;
  /** How often a token was issued, and how often somebody was turned away. */
  readonly counts: { issued: number; refused: number };
}

/** The token service of a docker-registry: gives tokens for pulling to one account. Source: distribution's token specification. */
export async function startTokenServer(options: {
  readonly tls: KeyPair;
  readonly signing: KeyPair;
  /** Where it listens. */
  readonly address: string;
  readonly account: { readonly username: string; readonly password: string };
}): Promise<TokenServer> {
  const { tls, signing, address, account } = options;
  const counts = { issued: 0, refused: 0 };
  const wanted = `Basic ${Buffer.from(`${account.username}:${account.password}`).toString('base64')}`;
  const files = { cert: readFileSync(tls.certificate), key: readFileSync(tls.key) };
  const server = createServer(files, (request, response) => {
    if (request.headers.authorization !== wanted) {
      counts.refused += 1;
      response.writeHead(401, { 'content-type': 'application/json' }).end('{}');
      return;
    }
    counts.issued += 1;
    const url = new URL(request.url ?? '', 'https://localhost');
    const token = issueToken(url.searchParams.getAll('scope'), signing);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ token, expires_in: LIFETIME }));
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, address.replace(/[[\]]/g, ''), resolve));
  const host = `${address}:${port}`;
  return {
    host,
    realm: `https://${host}/token`,
    counts,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function issueToken(scopes: readonly string[], { certificate, key }: KeyPair): string {
  const now = Math.floor(Date.now() / 1_000);
  const { raw } = new X509Certificate(readFileSync(certificate));
  const header = { typ: 'JWT', alg: 'ES256', x5c: [raw.toString('base64')] };
  const claims = {
    ...{ iss: TOKEN_ISSUER, sub: 'reader', aud: TOKEN_SERVICE },
    ...{ iat: now, nbf: now - 10, exp: now + LIFETIME },
    jti: createHash('sha256').update(`${now}${scopes}`).digest('hex'),
    access: scopes.map(accessOf),
  };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part(header)}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), {
    key: readFileSync(key),
    dsaEncoding: 'ieee-p1363',
  });
  return `${signed}.${signature.toString('base64url')}`;
}

function accessOf(scope: string): unknown {
  const [type, name, actions = ''] = scope.split(':');
  return { type, name, actions: actions.split(',').filter((action) => action === 'pull') };
}
