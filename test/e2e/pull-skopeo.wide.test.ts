import { hash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Digest } from '@tagtrail/image-reference';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { trustTestCertificate } from '../../packages/registry-client/src/testing/test-certificate.ts';
import { TAGTRAIL } from './command-process.ts';
import type { RepositoryContent } from './content-server.ts';
import { blobsOf, IMAGE_KINDS, type ImageKind, leavesOf, TAG } from './pull-skopeo-images.ts';
import { type FollowedImage, openPullSite, type PullSite } from './pull-skopeo-surroundings.ts';
import { INSECURE_UPSTREAMS, UPSTREAMS, type UpstreamKind } from './pull-skopeo-upstreams.ts';
import { probePodman, pullWithPodman } from './real-podman.ts';
import { outputOf, programsOnPath, runProgram } from './real-programs.ts';
import { NAMESPACE } from './registry-surroundings.ts';

/** Files of skopeo's `dir:` that are no blobs. */
const NO_BLOBS = ['manifest.json', 'version'];
const SUBJECT = 'subject';
/** For clients that take all of an image, whatever the upstream. */
const EXAMPLE = { upstream: 'with tokens over TLS', kind: 'single-arch image' } as const;

const skopeo = programsOnPath('skopeo')[0] ?? '';
let site: PullSite;
beforeAll(async () => {
  site = await openPullSite();
  trustTestCertificate({ cert: site.caPem, key: '' });
});
afterAll(() => site?.[Symbol.asyncDispose]());

const creds = () => `tagtrail:${site.tagtrail.token}`;
const sha256 = (bytes: Buffer): Digest => `sha256:${hash('sha256', bytes)}`;

/** The bytes of a manifest as skopeo gets them; nothing but our own authority is trusted for it. */
function inspect(reference: string): Promise<string> {
  const trust = ['--cert-dir', site.certificates, '--tls-verify=true'];
  const args = ['inspect', '--raw', ...trust, '--creds', creds(), `docker://${reference}`];
  return outputOf(skopeo, args, { home: site.folder });
}

/** The digests of manifest and blobs as skopeo copied them; a blob must be what its file is named. */
async function copy(
  reference: string,
): Promise<{ readonly manifest: Digest; readonly blobs: readonly Digest[] }> {
  const target = mkdtempSync(join(site.folder, 'copied-'));
  const trust = ['--src-cert-dir', site.certificates, '--src-tls-verify=true'];
  const ends = [`docker://${reference}`, `dir:${target}`];
  const args = ['--insecure-policy', 'copy', '--quiet', ...trust, '--src-creds', creds(), ...ends];
  await outputOf(skopeo, args, { home: site.folder });
  const names = readdirSync(target).filter((name) => !NO_BLOBS.includes(name));
  const blobs = names.map((name) => sha256(readFileSync(join(target, name))));
  expect(blobs).toEqual(names.map((name) => `sha256:${name}`));
  const manifest = sha256(readFileSync(join(target, 'manifest.json')));
  rmSync(target, { recursive: true });
  return { manifest, blobs };
}

const nameOf = ({ stream }: FollowedImage) => `${site.host}/${NAMESPACE}/${stream}`;

/** By tag where one leads there. */
function referenceOf(image: FollowedImage, digest: Digest): string {
  const tag = [...image.content.tags].find(([, at]) => at === digest)?.[0];
  return tag === undefined ? `${nameOf(image)}@${digest}` : `${nameOf(image)}:${tag}`;
}

async function expectManifests(image: FollowedImage): Promise<void> {
  const { manifests, tags } = image.content;
  for (const [tag, digest] of tags) {
    expect(await inspect(`${nameOf(image)}:${tag}`)).toBe(String(manifests.get(digest)?.bytes));
  }
  for (const [digest, { bytes }] of manifests) {
    const raw = await inspect(`${nameOf(image)}@${digest}`);
    expect(raw).toBe(String(bytes));
    expect(sha256(Buffer.from(raw))).toBe(digest);
  }
}

async function expectBlobs(image: FollowedImage): Promise<void> {
  for (const leaf of leavesOf(image.content)) {
    const { manifest, blobs } = await copy(referenceOf(image, leaf));
    expect(manifest).toBe(leaf);
    expect(blobs.toSorted()).toEqual(blobsOf(image.content, leaf).toSorted());
  }
}

async function listReferrers({ stream }: FollowedImage, subject: Digest): Promise<unknown> {
  const headers = { authorization: `Bearer ${site.tagtrail.token}` };
  const path = `/v2/${NAMESPACE}/${stream}/referrers/${subject}`;
  const reply = await fetch(`https://${site.host}${path}`, { headers });
  expect(reply.status).toBe(200);
  return ((await reply.json()) as { readonly manifests: unknown }).manifests;
}

function subjectOf({ tags }: RepositoryContent): Digest {
  const digest = tags.get(SUBJECT);
  if (digest === undefined) throw new Error('nothing is referred to');
  return digest;
}

/** Everything that was published, and nothing else, byte for byte. */
function itIsServedFrom(upstream: UpstreamKind): void {
  it.each(IMAGE_KINDS)('is equal to its source: %s', async (kind: ImageKind) => {
    const image = site.image(upstream, kind);
    await expectManifests(image);
    await expectBlobs(image);
  });

  it('lists what refers to an image', async () => {
    const image = site.image(upstream, 'OCI artifact with subject');
    const subject = subjectOf(image.content);
    const listed = await listReferrers(image, subject);
    expect(listed).toEqual(image.content.referrers.get(subject));
  });
}

async function expectPodmanPulls(context: TestContext): Promise<void> {
  const image = site.image(EXAMPLE.upstream, EXAMPLE.kind);
  const { certificates, folder } = site;
  const reference = `${nameOf(image)}:${TAG}`;
  if (podmanTrouble !== undefined) context.skip(`podman cannot pull here: ${podmanTrouble}`);
  const trust = ['--tls-verify=true', '--cert-dir', certificates, '--creds', creds()];
  expect(await pullWithPodman({ reference, options: trust, folder })).toBe(
    image.content.tags.get(TAG),
  );
}

/** Why podman cannot even pull without us; undefined when it can. */
let podmanTrouble: string | undefined;
beforeAll(async () => {
  const { repository } = site.image(EXAMPLE.upstream, EXAMPLE.kind);
  const plain = `${site.upstreams.hosts['over plain HTTP']}/${repository}:${TAG}`;
  podmanTrouble = await probePodman(plain, site.folder);
});

describe.each(UPSTREAMS)('what an upstream %s published', (upstream) => {
  itIsServedFrom(upstream);
});

describe('a client', () => {
  it('is not served where it does not trust our authority', async () => {
    const reference = `docker://${nameOf(site.image(EXAMPLE.upstream, EXAMPLE.kind))}:${TAG}`;
    const args = ['inspect', '--raw', '--creds', creds(), reference];
    const { code, stderr } = await runProgram(skopeo, args, { home: site.folder });
    expect(code).not.toBe(0);
    expect(stderr).toContain('x509: certificate signed by unknown authority');
  });

  it.each(INSECURE_UPSTREAMS)('verifies what a Local tag has from an upstream %s', async (kind) => {
    const { repository, content } = site.image(kind, EXAMPLE.kind);
    const stream = `local-${UPSTREAMS.indexOf(kind)}`;
    const from = `${site.upstreams.hosts[kind]}/${repository}:${TAG}`;
    await site.follow(stream, { [TAG]: { from, insecure: true, referencePolicy: 'Local' } });
    const { server, token } = site.tagtrail;
    const place = ['--server', server, '--token', token, '--namespace', NAMESPACE];
    const args = ['resolve', `${stream}:${TAG}`, ...place];
    const resolved = (await outputOf(TAGTRAIL, args, { home: site.folder })).trim();
    const digest = content.tags.get(TAG);
    expect(resolved).toBe(`${site.host}/${NAMESPACE}/${stream}@${digest}`);
    const { manifest, blobs } = await copy(resolved);
    expect(manifest).toBe(digest);
    expect(blobs.toSorted()).toEqual(blobsOf(content, manifest).toSorted());
  });

  it('may be podman, by tag', (context) => expectPodmanPulls(context));
});

describe('after all upstreams were stopped and the registry was restarted', () => {
  beforeAll(async () => {
    await site.stopUpstreams();
    await site.restartRegistry();
  });

  it('no upstream answers', async () => {
    for (const host of Object.values(site.upstreams.hosts)) {
      await expect(fetch(`http://${host}/v2/`)).rejects.toThrow('fetch failed');
    }
  });

  describe.each(UPSTREAMS)('what an upstream %s published', (upstream) => {
    itIsServedFrom(upstream);
  });

  it('podman still pulls by tag', (context) => expectPodmanPulls(context));
});
