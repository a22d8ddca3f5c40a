import type { RequestListener } from 'node:http';
import { createServer } from 'node:net';
import { errors } from 'undici';
import { describe, expect, it } from 'vitest';
import { computeDigest } from './content-digest.ts';
import { decodeDockerAuthFile } from './docker-auth-file.ts';
import type { RegistryClient } from './registry-client.ts';
import type { RepositoryTarget } from './repository-target.ts';
import { openForTest, type TestOptions } from './testing/open-for-test.ts';
import {
  demandToken,
  issueGood,
  MANIFEST_DIGEST,
  sendJson,
  sendStatus,
} from './testing/scripted-registry.ts';
import { hostOf, openScriptedServer } from './testing/scripted-server.ts';
import { issueTestCertificate, trustTestCertificate } from './testing/test-certificate.ts';
import { createDialGuard, RefusedAddress } from './transport/dial-guard.ts';
import { OversizeBody } from './transport/oversize-body.ts';
import { ConnectFailure, describeFailure } from './transport/transport-failure.ts';

const never = new AbortController().signal;
const alice = { username: 'alice', password: 'secret' };
const untrusted = issueTestCertificate();
const certificate = issueTestCertificate();
trustTestCertificate(certificate);

const NOT_UTF8 = Buffer.from([0xff]);
const NO_TOKEN = 'token service HOST: the reply holds no usable token';

type Ask = (client: RegistryClient, target: RepositoryTarget) => Promise<unknown>;

const head: Ask = (client, target) => client.headManifest(target, 'latest', never);
const list: Ask = (client, target) => client.listTags(target, never);
const blobOf =
  (digest = MANIFEST_DIGEST, size = 1): Ask =>
  (client, target) =>
    client.fetchBlob(target, { digest, size }, never);
/** Another repository than the server's. */
const at =
  (changes: Partial<RepositoryTarget>): Ask =>
  (client, target) =>
    head(client, { ...target, ...changes });

/** The message of what the server's answer makes of a request, its address aside. */
async function refusal(answer: RequestListener, ask: Ask, options?: TestOptions): Promise<string> {
  await using registry = await openForTest(answer, options);
  return await ask(registry.client, registry.target).then(
    () => 'answered',
    (error: Error) => error.message.replaceAll(registry.host, 'HOST'),
  );
}

const send =
  (status: number, headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (_, response) =>
    sendStatus(response, status, headers);
const sendBody =
  (body: string | Buffer, headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(200, headers).end(body);

/** Demands a token that the same host issues by `token`, and takes none. */
const demand =
  (token: RequestListener, scheme = 'http'): RequestListener =>
  (request, response) => {
    if (request.url?.startsWith('/token')) return token(request, response);
    demandToken(request, response, { realm: `${scheme}://${request.headers.host}/token` });
  };

const pageTo = (target: string) =>
  sendBody('{"name":"team/app","tags":["a"]}', { link: `<${target}>; rel="next"` });

describe('who looks at a registry is told', () => {
  it.each<[message: string, answer: RequestListener, ask: Ask, options?: TestOptions]>([
    ['not a valid registry host: "a b"', send(200), at({ endpoint: 'a b' })],
    ['not a valid repository name: "../x"', send(200), at({ repository: '../x' })],
    ['not a valid tag or digest: "a/b"', send(200), (c, t) => c.headManifest(t, 'a/b', never)],
    ['check its name, and whether it was deleted', send(404), head],
    [
      `blob ${MANIFEST_DIGEST}: declared as larger than 4194304 bytes`,
      send(200),
      blobOf(MANIFEST_DIGEST, 5_000_000),
    ],
    [
      `content integrity error: HOST/team/app: blob ${MANIFEST_DIGEST}: the registry sent something else than its descriptor names`,
      sendBody('x'),
      blobOf(),
    ],
    [
      `content integrity error: HOST/team/app@${MANIFEST_DIGEST}: the registry sent something else than the digest names`,
      sendBody('x'),
      (c, t) => c.fetchManifest(t, MANIFEST_DIGEST, never),
    ],
    [
      `HOST/team/app: blob ${computeDigest(NOT_UTF8)}: the content is not utf-8`,
      sendBody(NOT_UTF8),
      blobOf(computeDigest(NOT_UTF8)),
    ],
    ['list of tags: the registry sent something else than JSON;', sendBody('<html>'), list],
    ['list of tags: the registry sent something else than a list of tags;', sendBody('{}'), list],
    [
      'list of tags: more than 1 tags, and half of it is never used; name the tags that matter one by one',
      sendBody('{"name":"team/app","tags":["a","b"]}'),
      list,
      { limits: { listedTags: 1 } },
    ],
    ['its link to the next page is malformed', pageTo('http://['), list],
    [
      'its link to the next page leads to another host',
      pageTo('https://evil.example.com/?n=1'),
      list,
    ],
    ['its link to the next page has no cursor', pageTo('/v2/team/app/tags/list'), list],
    [
      'HOST/team/app:latest: redirected more than 5 times',
      send(307, { location: '/v2/elsewhere' }),
      head,
    ],
    ['HOST/team/app:latest: redirected without a location', send(307), head],
    ['redirected to a malformed location', send(307, { location: 'http://[' }), head],
    [
      'redirected to ftp:, which is not followed',
      send(307, { location: 'ftp://files.example.com' }),
      head,
    ],
    [
      'redirected with credentials to files.example.com',
      send(307, { location: 'https://me:it@files.example.com' }),
      head,
    ],
    [
      'redirected from https to plain http at files.example.com, which is not followed',
      send(307, { location: 'http://files.example.com' }),
      head,
      { certificate },
    ],
    [
      'the certificate is self-signed; trust the certificate of HOST, or allow insecure transport (importPolicy.insecure on the tag, --insecure)',
      send(200),
      head,
      { certificate: untrusted },
    ],
    [
      'the server does not answer with tls; if HOST speaks plain http, allow insecure transport (importPolicy.insecure on the tag, --insecure)',
      send(200),
      at({ insecure: false }),
    ],
    [
      'connection refused; check that 127.0.0.1:1 can be reached',
      send(200),
      at({ endpoint: '127.0.0.1:1' }),
    ],
    ['link-local addresses are never contacted', send(200), at({ endpoint: '169.254.169.254' })],
    [
      'the reply is larger than 3 bytes',
      sendBody('four'),
      (c, t) => c.fetchManifest(t, 'latest', never),
      { limits: { manifestBytes: 3 } },
    ],
    [
      'HOST/team/app:latest: the deadline passed',
      () => {},
      (c, t) => c.headManifest(t, 'latest', AbortSignal.timeout(1)),
    ],
  ])('%s', async (message, answer, ask, options) => {
    expect(await refusal(answer, ask, options)).toContain(message);
  });

  it.each<[message: string, answer: RequestListener, options?: TestOptions]>([
    ['the registry does not say how to authenticate', send(401)],
    [
      'the repository does not exist, or needs credentials and none are configured for HOST',
      send(401, { 'www-authenticate': 'Basic realm="x"' }),
    ],
    [
      'the repository does not exist, or the credentials configured for HOST may not pull it',
      send(401, { 'www-authenticate': 'Basic realm="x"' }),
      { credentials: () => [alice], certificate },
    ],
    [
      'the configured credentials were not sent, because the registry is spoken to in plain http; serve it over https, or allow plaintext credentials for it',
      demand(issueGood),
      { credentials: () => [alice] },
    ],
    [
      'token service HOST: redirects, which is not followed',
      demand(send(307, { location: '/elsewhere' })),
    ],
    ['configure credentials for the registry', demand(send(401))],
    [
      'check the credentials configured for HOST',
      demand(send(401), 'https'),
      { credentials: () => [alice], certificate },
    ],
    [NO_TOKEN, demand(sendBody('<html>'))],
    [NO_TOKEN, demand((_, response) => sendJson(response, { token: 'with a blank' }))],
  ])('why it may not look: %s', async (message, answer, options) => {
    expect(await refusal(answer, head, options)).toContain(message);
  });

  it('that a stranger got no credentials', async () => {
    const certificateOfStranger = issueTestCertificate('DNS:localhost');
    trustTestCertificate(certificateOfStranger);
    await using stranger = await openScriptedServer(issueGood, certificateOfStranger);
    const host = stranger.host.replace('127.0.0.1', 'localhost');
    const answer: RequestListener = (request, response) =>
      demandToken(request, response, { realm: `https://${host}/token` });
    expect(await refusal(answer, head, { certificate, credentials: () => [alice] })).toContain(
      `the configured credentials were not sent to the token service ${host}, because it does not belong to the registry`,
    );
  });

  it('which host it was sent on to', async () => {
    await using store = await openScriptedServer(send(403));
    const answer = send(307, { location: `${store.url}/x` });
    expect(await refusal(answer, head)).toContain(
      `HOST/team/app:latest: redirected to ${store.host}: `,
    );
  });

  it('that what answers is no web server', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).end('220 mail ready\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const message = await refusal(send(200), at({ endpoint: hostOf(server.address()) }));
    expect(message).toContain('the reply is not valid http');
    server.close();
  });

  it('by the cause, which address is never contacted', async () => {
    await using registry = await openForTest(send(200));
    const metadata = { ...registry.target, endpoint: '169.254.169.254' };
    await expect(head(registry.client, metadata)).rejects.toMatchObject({
      cause: { message: '169.254.169.254 leads to a link-local address' },
    });
    // A name server's answer is judged like this: lookups of an address answer the address.
    const { lookup } = createDialGuard({ reach: 'named', allowsPrivate: true });
    const refused = await new Promise((resolve) => {
      lookup('169.254.169.254', {}, resolve);
    });
    expect(refused).toMatchObject({ message: '169.254.169.254 leads to a link-local address' });
  });
});

describe('a reply that never came is explained', () => {
  it.each([
    ['UND_ERR_BODY_TIMEOUT', 'the reply stopped halfway'],
    ['UND_ERR_HEADERS_TIMEOUT', 'no reply in time'],
    ['UND_ERR_HEADERS_OVERFLOW', 'the headers of the reply are too large'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'the reply was cut off'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'the certificate was issued by an unknown authority'],
    ['CERT_NOT_YET_VALID', 'the certificate is not valid yet'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'the certificate belongs to another host'],
  ])('%s: %s', (code, phrase) => {
    const error = Object.assign(new Error('theirs'), { code });
    expect(describeFailure(new ConnectFailure(error))?.phrase).toBe(phrase);
  });

  it.each<[string, Error]>([
    ['the reply is not valid http', new errors.HTTPParserError('theirs')],
    ['the reply is larger than 3 bytes', new OversizeBody('larger than 3 bytes')],
    [
      'link-local addresses are never contacted',
      new RefusedAddress('theirs', 'link-local', 'named'),
    ],
    [
      'it leads to a private address, which is not contacted',
      new RefusedAddress('theirs', 'private', 'led'),
    ],
  ])('%s', (phrase, error) => {
    expect(describeFailure(error)?.phrase).toBe(phrase);
  });
});

describe('a file of credentials that can not be read is told', () => {
  const auths = (entries: object) => JSON.stringify({ auths: entries });
  const many = Object.fromEntries(Array.from({ length: 10_001 }, (_, at) => [`r${at}.io`, {}]));

  it.each([
    ['larger than 1048576 characters', ' '.repeat(1_048_577)],
    ['not a JSON object', '[]'],
    ['auths is not an object', '{"auths":[]}'],
    ['auths has more than 10000 entries', auths(many)],
    ['auths key "a b" names no registry', auths({ 'a b': {} })],
    ['auths["quay.io"].auth is not base64 of user:password', auths({ 'quay.io': { auth: '%' } })],
    [
      'auths["quay.io"].registrytoken cannot be sent as a token',
      auths({ 'quay.io': { registrytoken: 'two\r\nlines' } }),
    ],
  ])('%s', (message, text) => {
    expect(decodeDockerAuthFile(text)).toEqual({ ok: false, message });
  });
});
