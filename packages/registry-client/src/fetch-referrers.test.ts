import type { RequestListener } from 'node:http';
import { MEDIA_TYPE } from '@tagtrail/oci';
import { describe, expect, it } from 'vitest';
import { computeDigest } from './content-digest.ts';
import { openForTest, type TestOptions } from './testing/open-for-test.ts';
import { sendStatus } from './testing/scripted-registry.ts';
import { openScriptedServer } from './testing/scripted-server.ts';

const never = new AbortController().signal;
const SUBJECT = computeDigest(Buffer.from('subject'));
const SUBJECT_512 = computeDigest(Buffer.from('subject'), 'sha512');
const LIST = `/v2/team/app/referrers/${SUBJECT}`;
const TAGGED = `/v2/team/app/manifests/${SUBJECT.replace(':', '-')}`;

const signature = {
  mediaType: MEDIA_TYPE.ociManifest,
  digest: computeDigest(Buffer.from('signature')),
  size: 500,
  artifactType: 'application/vnd.example.signature',
  annotations: { 'org.example.signed-by': 'alice' },
};
const bill = {
  mediaType: MEDIA_TYPE.ociManifest,
  digest: computeDigest(Buffer.from('bill of materials')),
  size: 7,
};

/** Replies by path and query; anything else is not found. */
type Replies = Readonly<Record<string, { readonly body: unknown; readonly headers?: object }>>;

const serve =
  (replies: Replies): RequestListener =>
  ({ url = '' }, response) => {
    const reply = replies[url];
    if (reply === undefined) return sendStatus(response, 404);
    const { body, headers } = reply;
    response.writeHead(200, { 'content-type': MEDIA_TYPE.ociIndex, ...headers });
    return response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

function index(...manifests: readonly object[]) {
  return { body: { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests } };
}

const withLink = (page: ReturnType<typeof index>, target: string) => ({
  ...page,
  headers: { link: `<${target}>; rel="next"` },
});

async function fetched(answer: RequestListener, options: TestOptions = {}) {
  await using registry = await openForTest(answer, options);
  const { manifests } = await registry.client.fetchReferrers(registry.target, SUBJECT, never);
  return { manifests, lines: registry.lines() };
}

/** The error of a list that the server answers like this. */
async function refusal(answer: RequestListener, options: TestOptions = {}): Promise<string> {
  await using registry = await openForTest(answer, options);
  return await registry.client.fetchReferrers(registry.target, SUBJECT, never).then(
    () => 'fetched',
    (error: Error) => error.message.replaceAll(registry.host, 'HOST'),
  );
}

describe('fetchReferrers', () => {
  it('tells what belongs to a manifest, and of each what a list of it needs', async () => {
    const wordy = { ...bill, platform: { os: 'linux', architecture: 'arm64' }, urls: ['http://x'] };
    const { manifests, lines } = await fetched(serve({ [LIST]: index(signature, wordy) }));
    expect(manifests).toEqual([signature, bill]);
    expect(lines).toEqual([`GET ${LIST}`]);
  });

  it('reads all pages, and each referrer once', async () => {
    const pages = {
      [LIST]: withLink(index(signature), `${LIST}?page=2`),
      [`${LIST}?page=2`]: index(signature, bill),
    };
    expect((await fetched(serve(pages))).manifests).toEqual([signature, bill]);
  });

  it('knows none where there are none', async () => {
    expect((await fetched(serve({ [LIST]: index() }))).manifests).toEqual([]);
  });

  it.each([404, 405, 501])('reads the tag that stands for the list after a %i', async (status) => {
    const tagged = serve({ [TAGGED]: index(bill) });
    const { manifests, lines } = await fetched((request, response) => {
      if (request.url === LIST) return sendStatus(response, status);
      tagged(request, response);
    });
    expect(manifests).toEqual([bill]);
    expect(lines).toEqual([`GET ${LIST}`, `GET ${TAGGED}`]);
  });

  it('reads that tag where a page for people comes in place of the list', async () => {
    await using site = await openScriptedServer((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>'),
    );
    const tagged = serve({ [TAGGED]: index(bill) });
    const { manifests } = await fetched((request, response) => {
      if (request.url === LIST) return sendStatus(response, 303, { location: `${site.url}/page` });
      tagged(request, response);
    });
    expect(manifests).toEqual([bill]);
  });

  it('knows none where there is neither list nor tag', async () => {
    const { manifests, lines } = await fetched(serve({}));
    expect(manifests).toEqual([]);
    expect(lines).toHaveLength(2);
  });

  it('cuts the tag of a longer digest to what a tag may hold', async () => {
    const tag = `/v2/team/app/manifests/sha512-${SUBJECT_512.slice(7, 71)}`;
    await using registry = await openForTest(serve({ [tag]: index(bill) }));
    const { manifests } = await registry.client.fetchReferrers(registry.target, SUBJECT_512, never);
    expect(manifests).toEqual([bill]);
  });

  it('is shown what manifests are shown', async () => {
    const { manifests } = await fetched(
      (request, response) => {
        if (request.headers.authorization === undefined) {
          return sendStatus(response, 401, { 'www-authenticate': 'Basic realm="r"' });
        }
        serve({ [LIST]: index(bill) })(request, response);
      },
      { credentials: () => [{ username: 'u', password: 'p' }], plaintext: true },
    );
    expect(manifests).toEqual([bill]);
  });
});

describe('a list of referrers is refused', () => {
  it('when it is no JSON', async () => {
    expect(await refusal(serve({ [LIST]: { body: 'x' } }))).toBe(
      `HOST/team/app@${SUBJECT}: list of referrers: manifest is not a JSON object`,
    );
  });

  it.each([
    ['a manifest', { mediaType: MEDIA_TYPE.ociManifest, config: bill, layers: [] }],
    ['a list of Docker', { mediaType: MEDIA_TYPE.dockerManifestList, manifests: [] }],
  ])('when it is %s', async (_, body) => {
    const headers = { 'content-type': body.mediaType };
    const answer = serve({ [LIST]: { body: { schemaVersion: 2, ...body }, headers } });
    expect(await refusal(answer)).toContain('the registry sent something else than an image index');
  });

  it.each([
    ['digest is not a sha256 or sha512 digest', { ...bill, digest: 'sha256:../x' }],
    ['size is not a whole number from 0', { ...bill, size: -1 }],
    ['mediaType is not a media type', { ...bill, mediaType: 'a\nb' }],
    ['annotations is not an object of strings', { ...bill, annotations: { a: 1 } }],
  ])('when an entry is none: %s', async (problem, entry) => {
    expect(await refusal(serve({ [LIST]: index(entry) }))).toContain(`manifests[0].${problem}`);
  });

  it('when a page is missing, or pages go round in circles', async () => {
    const first = withLink(index(bill), `${LIST}?page=2`);
    expect(await refusal(serve({ [LIST]: first }))).toContain(
      'the registry has no next page where it named one; nothing of it is used',
    );
    expect(await refusal(serve({ [LIST]: first, [`${LIST}?page=2`]: first }))).toContain(
      'its pages go round in circles',
    );
    const away = withLink(index(bill), 'https://evil.example/x?page=2');
    expect(await refusal(serve({ [LIST]: away }))).toContain('leads to another host');
  });

  it('when it is beyond the limits', async () => {
    const endless: RequestListener = (request, response) => {
      const at = Number(request.url?.split('=')[1] ?? 0);
      const page = withLink(
        index({ ...bill, digest: computeDigest(Buffer.from(`${at}`)) }),
        `?at=${at + 1}`,
      );
      serve({ [request.url ?? '']: page })(request, response);
    };
    const within = (limits: TestOptions['limits']) =>
      refusal(endless, { ...(limits && { limits }) });
    expect(await within({ referrerPages: 3 })).toContain(
      'more than 3 pages; nothing of it is used',
    );
    expect(await within({ referrers: 5 })).toContain(
      'more than 5 referrers; nothing of it is used',
    );
    expect(await within({ referrersBytes: 1_000 })).toContain('the reply is larger than ');
    const wordy = { ...bill, annotations: { a: 'x'.repeat(100) } };
    const limits = { annotationBytes: 100 };
    expect(await refusal(serve({ [LIST]: index(wordy) }), { limits })).toContain(
      `the annotations of ${bill.digest} are larger than 100 bytes`,
    );
  });

  it('when the registry refuses', async () => {
    expect(await refusal((_, response) => sendStatus(response, 403))).toContain('access forbidden');
    expect(await refusal((_, response) => sendStatus(response, 503))).toContain('answered 503');
  });

  it('when the digest is none', async () => {
    await using registry = await openForTest(serve({}));
    const asked = registry.client.fetchReferrers(registry.target, 'sha256:x', never);
    await expect(asked).rejects.toThrow('not a valid digest: "sha256:x"');
    expect(registry.requests).toEqual([]);
  });
});
