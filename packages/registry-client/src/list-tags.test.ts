import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { openRegistrySimulator } from '../../registry-simulator/src/index.ts';
import { openRegistryClient } from './registry-client.ts';
import { EVERY_ADDRESS } from './testing/every-address.ts';
import { openForTest } from './testing/open-for-test.ts';
import { sendJson, sendStatus, targetOf } from './testing/scripted-registry.ts';

const never = new AbortController().signal;
const LIST = '/v2/team/app/tags/list';

/** Pages by query; each names the next one. */
function pages(
  all: Readonly<Record<string, { readonly tags: unknown; readonly link?: string }>>,
): RequestListener {
  return ({ url = '' }, response) => {
    const page = all[url.slice(LIST.length)];
    if (page === undefined) return sendStatus(response, 404);
    if (page.link !== undefined) response.setHeader('link', page.link);
    sendJson(response, { name: 'team/app', tags: page.tags });
  };
}

const next = (target: string) => `<${target}>; rel="next"`;

/** The error of a list that the server answers like this. */
async function refusal(answer: RequestListener): Promise<string> {
  await using registry = await openForTest(answer);
  return await registry.client.listTags(registry.target, never).then(
    () => 'listed',
    (error: Error) => error.message.replaceAll(registry.host, 'HOST'),
  );
}

describe('listTags', () => {
  it('reads all pages of a real list', async () => {
    await using simulator = await openRegistrySimulator();
    const names = Array.from({ length: 2_500 }, (_, index) => `v${index}`);
    for (const name of names) simulator.push('team/app', name);
    await using client = openRegistryClient({
      userAgent: 'tagtrail/test',
      addresses: EVERY_ADDRESS,
    });
    const listed = await client.listTags(targetOf(simulator.host), never);
    expect(listed.toSorted()).toEqual(names.toSorted());
    expect(simulator.requests.filter(({ path }) => path.includes('tags/list'))).toHaveLength(3);
  });

  it.each([
    ['a path', `${LIST}?last=b&n=2`],
    ['the same host', 'http://HOST/v2/team/app/tags/list?last=b&n=2'],
    ['another scheme', 'https://HOST/elsewhere/tags/list?last=b&n=2'],
    ['a query alone', '?last=b&n=2'],
  ])('follows a link that is %s', async (_, link) => {
    await using registry = await openForTest((request, response) => {
      const target = link.replace('HOST', request.headers.host ?? '');
      const first = { tags: ['a', 'b'], link: next(target) };
      return pages({ '?n=1000': first, '?last=b&n=2': { tags: ['b', 'c'] } })(request, response);
    });
    expect(await registry.client.listTags(registry.target, never)).toEqual(['a', 'b', 'c']);
  });

  const many = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);

  it('takes a full page without a link for a part, when the registry does not say what comes behind', async () => {
    expect(await refusal(pages({ '?n=1000': { tags: many(1_000) } }))).toContain(
      'it ends with a full page, and the registry does not say what comes behind it',
    );
    await using whole = await openForTest(pages({ '?n=1000': { tags: many(1_001) } }));
    expect(await whole.client.listTags(whole.target, never)).toHaveLength(1_001);
    await using short = await openForTest(pages({ '?n=1000': { tags: many(999) } }));
    expect(await short.client.listTags(short.target, never)).toHaveLength(999);
  });

  it('counts the names that no tag can have when it asks whether a page was cut', async () => {
    const digests = Array.from({ length: 50 }, (_, index) => `sha256:${index}`);
    await using registry = await openForTest(
      pages({ '?n=1000': { tags: digests }, '?n=1000&last=sha256%3A49': { tags: ['v1'] } }),
    );
    expect(await registry.client.listTags(registry.target, never)).toEqual(['v1']);
  });

  it('takes null and absence for no tags, and an empty name for latest', async () => {
    await using empty = await openForTest(pages({ '?n=1000': { tags: null } }));
    expect(await empty.client.listTags(empty.target, never)).toEqual([]);
    await using absent = await openForTest(pages({ '?n=1000': { tags: undefined } }));
    expect(await absent.client.listTags(absent.target, never)).toEqual([]);
    await using odd = await openForTest(pages({ '?n=1000': { tags: ['', 'a b', 'ok'] } }));
    expect(await odd.client.listTags(odd.target, never)).toEqual(['latest', 'ok']);
  });

  it('never takes a part for the whole: a page that fails fails the list', async () => {
    const first = { tags: ['a'], link: next(`${LIST}?last=a`) };
    expect(await refusal(pages({ '?n=1000': first }))).toContain('HOST/team/app: list of tags');
  });

  it('refuses pages that go round in circles', async () => {
    const same = { tags: ['a'], link: next('?n=1000') };
    expect(await refusal(pages({ '?n=1000': same }))).toBe(
      'HOST/team/app: list of tags: its pages go round in circles; nothing of it is used',
    );
    const barren = { tags: ['a'], link: next('?last=a') };
    const again = { tags: [], link: next('?last=a') };
    const circle = pages({ '?n=1000': barren, '?last=a': again });
    expect(await refusal(circle)).toContain('go round in circles');
  });

  it.each([
    ['leads to another host', next('https://evil.example/v2/team/app/tags/list?last=a')],
    ['has no cursor', next(LIST)],
    ['is malformed', next('http://[')],
  ])('refuses a link that %s', async (problem, link) => {
    const message = await refusal(pages({ '?n=1000': { tags: ['a'], link } }));
    expect(message).toContain(`its link to the next page ${problem}`);
  });

  it('refuses a Link header that is too long', async () => {
    const link = next(`?last=${'a'.repeat(9_000)}`);
    const message = await refusal(pages({ '?n=1000': { tags: ['a'], link } }));
    expect(message).toContain('its Link header is too long');
  });

  it.each<[string, RequestListener]>([
    ['something else than JSON', (_, response) => void response.end('<html>')],
    ['something else than a list of tags', (_, response) => sendJson(response, { tags: [1] })],
    ['something else than a list of tags', (_, response) => sendJson(response, [])],
    ['something else than a list of tags', (_, response) => sendJson(response, { errors: [] })],
    ['something else than JSON', (_, response) => void response.end(Buffer.from([0xff]))],
  ])('refuses %s', async (problem, answer) => {
    expect(await refusal(answer)).toContain(problem);
  });

  it('stops at its limits', async () => {
    const answer: RequestListener = ({ url = '' }, response) => {
      const at = Number(new URLSearchParams(url.split('?')[1]).get('last') ?? 0);
      response.setHeader('link', next(`?last=${at + 1}`));
      sendJson(response, { tags: [`v${at}`] });
    };
    await using few = await openForTest(answer, { limits: { tagPages: 3 } });
    await expect(few.client.listTags(few.target, never)).rejects.toThrow('more than 3 pages');
    await using many = await openForTest(answer, { limits: { listedTags: 5 } });
    await expect(many.client.listTags(many.target, never)).rejects.toThrow(
      'more than 5 tags, and half of it is never used; name the tags that matter one by one',
    );
    await using wordy = await openForTest(answer, { limits: { tagListBytes: 5 } });
    await expect(wordy.client.listTags(wordy.target, never)).rejects.toMatchObject({
      code: 'RegistryError',
      message: expect.stringContaining('larger than 5 bytes'),
    });
  });

  it('ignores links of other relations', async () => {
    const link = `<${LIST}?first=1>; rel="first", <${LIST}?last=a>; REL=Next`;
    const all = pages({ '?n=1000': { tags: ['a'], link }, '?last=a': { tags: ['b'] } });
    await using registry = await openForTest(all);
    expect(await registry.client.listTags(registry.target, never)).toEqual(['a', 'b']);
  });
});

describe('a list of tags', () => {
  const alice = { username: 'alice', password: 'secret' };

  it.each(['basic', 'bearer'] as const)(
    'is read with the %s credentials of manifests',
    async (kind) => {
      await using simulator = await openRegistrySimulator();
      for (let at = 0; at < 1_001; at += 1) simulator.push('team/app', `v${at}`);
      simulator.requireAuth(kind, alice);
      await using client = openRegistryClient({
        userAgent: 'tagtrail/test',
        credentials: () => [alice],
        allowPlaintextCredentials: [simulator.host],
        addresses: EVERY_ADDRESS,
      });
      expect(await client.listTags(targetOf(simulator.host), never)).toHaveLength(1_001);
      const asked = simulator.requests.filter(({ route }) => route === 'tags');
      expect(asked.map(({ status, authorization }) => [status, authorization])).toEqual([
        [401, 'none'],
        [200, kind],
        [200, kind],
      ]);
    },
  );

  it('is refused without them, and the error says what to do', async () => {
    await using simulator = await openRegistrySimulator();
    simulator.push('team/app', 'v1');
    simulator.requireAuth('basic', alice);
    await using client = openRegistryClient({
      userAgent: 'tagtrail/test',
      addresses: EVERY_ADDRESS,
    });
    await expect(client.listTags(targetOf(simulator.host), never)).rejects.toMatchObject({
      code: 'Unauthorized',
      advice: expect.stringContaining(`none are configured for ${simulator.host}`),
    });
  });

  it.each([
    ['a status', { status: 503 }, { code: 'RegistryError', retryable: true }],
    ['a limit', { status: 429, retryAfter: 7 }, { code: 'TooManyRequests', retryAfter: 7_000 }],
    ['a cut body', { truncateBody: true }, { code: 'ConnectionFailed' }],
    ['a reset', { reset: true }, { code: 'ConnectionFailed' }],
  ] as const)('fails as a whole when its second page fails: %s', async (_, fault, error) => {
    await using simulator = await openRegistrySimulator();
    for (let at = 0; at < 1_001; at += 1) simulator.push('team/app', `v${at}`);
    simulator.faults.set({ route: 'tags', skip: 1 }, fault);
    await using client = openRegistryClient({
      userAgent: 'tagtrail/test',
      addresses: EVERY_ADDRESS,
    });
    const listing = client.listTags(targetOf(simulator.host), never);
    await expect(listing).rejects.toMatchObject(error);
  });

  it('follows redirects, and ends with the deadline of its caller', async () => {
    await using registry = await openForTest((request, response) => {
      if (request.url?.startsWith('/moved') === true) return sendJson(response, { tags: ['a'] });
      sendStatus(response, 307, { location: '/moved' });
    });
    expect(await registry.client.listTags(registry.target, never)).toEqual(['a']);
    await using simulator = await openRegistrySimulator();
    simulator.faults.set({ route: 'tags' }, { hang: true });
    await using client = openRegistryClient({
      userAgent: 'tagtrail/test',
      addresses: EVERY_ADDRESS,
    });
    const listing = client.listTags(targetOf(simulator.host), AbortSignal.timeout(50));
    await expect(listing).rejects.toMatchObject({ code: 'Timeout' });
  });
});
