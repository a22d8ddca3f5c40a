import { request } from 'node:http';
import { connect } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../image/digest.ts';
import { openRegistrySimulator, type RegistrySimulator } from '../registry-simulator.ts';
import type { AuthKind } from '../wire/auth-terms.ts';
import type { NamedFault } from './named-fault.ts';
import { NAMED_FAULTS, namedFault } from './named-faults.ts';

/** ms for an answer; long enough for a busy machine. */
const PATIENCE = 4_000;
/** ms for one that will not come. */
const IMPATIENCE = 150;
/** ms for a test on a busy machine: the largest answers have many megabytes. */
const TEST_LIMIT = 30_000;
const NOW = Date.UTC(2026, 0, 1);
/** What a registry does that wants to know who asks: only an open one differs from it. */
const AS_OF_CLOSED = ['anonymous-token', 'auth-on-every-request'];

interface Question {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function openPushed(auth: AuthKind): Promise<RegistrySimulator> {
  const simulator = await openRegistrySimulator({ now: () => NOW });
  const { push } = simulator;
  const pushes = push.bind(simulator);
  pushes('shop/web', 'z', { seed: 1 });
  const { digest } = pushes('shop/web', 'z', { seed: 2 });
  for (let tag = 0; tag < 1001; tag += 1) pushes('shop/web', `t${tag}`, { sameAs: digest });
  pushes('shop/multi', 'v1', { seed: 3, platforms: ['linux/amd64', 'linux/arm64'] });
  pushes('shop/docker', 'v1', { seed: 4, format: 'docker' });
  simulator.requireAuth(auth);
  return simulator;
}

/** Everything that a client may ask, so that each fault has its chance. */
async function questions(
  simulator: RegistrySimulator,
  auth: AuthKind,
): Promise<readonly Question[]> {
  const [, web] = simulator.pushes.map(({ digest }) => digest);
  const paths = [
    '/v2/',
    ...['z', 'none', web].map((reference) => `/v2/shop/web/manifests/${reference}`),
    ...['z', 'z'].map((reference) => `/v2/shop/web/manifests/${reference}`),
    '/v2/shop/multi/manifests/v1',
    '/v2/shop/multi/manifests/v1',
    '/v2/shop/docker/manifests/v1',
    `/v2/shop/web/blobs/${web}`,
    '/v2/shop/web/tags/list?n=1000',
    '/v2/shop/web/tags/list?n=2000',
    '/v2/shop/web/tags/list?n=100&last=t1',
  ];
  const token = await tokenOf(simulator);
  const tokens = auth === 'none' ? [] : [token, 'old'];
  const bearers = [{}, ...tokens.map((one) => ({ authorization: `Bearer ${one}` }))];
  const asked = paths.flatMap((path) => bearers.map((headers) => ({ path, headers })));
  return [
    ...asked.flatMap((one) => ['GET', 'HEAD'].map((method) => ({ method, ...one }))),
    { method: 'GET', path: `/token?scope=repository:shop/web:pull` },
    { method: 'GET', path: '/token', headers: { authorization: 'Basic dTpw' } },
  ];
}

async function tokenOf({ url }: RegistrySimulator): Promise<string> {
  const scopes = ['shop/web', 'shop/multi', 'shop/docker'].map((name) => `repository:${name}:pull`);
  const response = await fetch(`${url}/token?${scopes.map((scope) => `scope=${scope}`).join('&')}`);
  const { token }: { token?: string } = JSON.parse(await response.text());
  return token ?? '';
}

/** What comes back, told so that the same behaviour is told the same. */
function ask({ host }: RegistrySimulator, question: Question, patience: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const [hostname = '', port] = host.split(':');
  const { method, path, headers = {} } = question;
  const signal = AbortSignal.timeout(patience);
  const to = { hostname, port, method, path, headers, signal, agent: false };
  const asked = request(to, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', () => resolve('cut off'));
    response.on('end', () => {
      const { date = '', ...rest } = response.headers;
      const isNow = Math.abs(Date.parse(date) - Date.now()) < 60_000;
      const told = JSON.stringify(rest).replaceAll(host, 'here');
      resolve(`${response.statusCode} ${isNow} ${told} ${digestOf(tellBody(chunks))}`);
    });
  });
  asked.on('error', (error) => resolve(error.message)).end();
  return promise;
}

/** Tokens differ each time, and not in what they are. */
function tellBody(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks)
    .toString()
    .replaceAll(/(token":")([^"]*)/g, (_, name: string, token: string) => name + token.length);
}

function speaksTls({ host }: RegistrySimulator): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ port: Number(host.split(':')[1]), rejectUnauthorized: false });
  socket.once('secureConnect', () => resolve(true)).once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

async function behaviour(auth: AuthKind, fault?: NamedFault): Promise<readonly string[]> {
  await using simulator = await openPushed(auth);
  const all = await questions(simulator, auth);
  if (fault !== undefined) simulator.faults.setNamed(fault.name);
  const never = fault?.parts.some((part) => part.fault.hang || part.fault.slowBody) ?? false;
  const patience = never ? IMPATIENCE : PATIENCE;
  const answers = await Promise.all(all.map((question) => ask(simulator, question, patience)));
  return [`tls ${await speaksTls(simulator)}`, ...answers.map((text, at) => `${at} ${text}`)];
}

describe('a named fault', () => {
  const honest = new Map<AuthKind, readonly string[]>();

  beforeAll(async () => {
    for (const auth of ['none', 'basic', 'bearer'] as const) {
      honest.set(auth, await behaviour(auth));
    }
  }, TEST_LIMIT);

  it.each(NAMED_FAULTS)('$name shows', { timeout: TEST_LIMIT }, async (fault) => {
    const auth = AS_OF_CLOSED.includes(fault.name) ? 'none' : (fault.auth ?? 'none');
    expect(await behaviour(auth, fault)).not.toEqual(honest.get(auth));
  });

  it('is told from another in the same behaviour of the same registry', async () => {
    expect(await behaviour('bearer')).toEqual(honest.get('bearer'));
  });

  it('adds to others, of the same match too, and replaces itself', async () => {
    await using simulator = await openPushed('none');
    simulator.faults.setNamed('head-404');
    simulator.faults.setNamed('head-405', { reference: 'z' });
    simulator.faults.setNamed('head-404');
    expect(simulator.faults.rules).toHaveLength(2);
    const head = (path: string) => fetch(`${simulator.url}${path}`, { method: 'HEAD' });
    expect((await head('/v2/shop/web/manifests/t1')).status).toBe(404);
    expect((await head('/v2/shop/web/manifests/z')).status).toBe(405);
  });

  it('is narrowed by the match that it is set with', async () => {
    await using simulator = await openPushed('none');
    simulator.faults.setNamed('head-404', { repository: 'shop/multi', every: 2 });
    const head = (path: string) => fetch(`${simulator.url}${path}`, { method: 'HEAD' });
    expect((await head('/v2/shop/web/manifests/z')).status).toBe(200);
    expect((await head('/v2/shop/multi/manifests/v1')).status).toBe(200);
    expect((await head('/v2/shop/multi/manifests/v1')).status).toBe(404);
  });

  it('has to be one that there is', () => {
    expect(() => namedFault('no-such-thing')).toThrow('no fault is named no-such-thing');
  });
});
