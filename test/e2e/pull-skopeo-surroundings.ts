import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecretKeyFile } from '@tagtrail/secret-cipher';
import { openServingCertificate } from '@tagtrail/serving-certificate';
import { freePort } from '../free-port.ts';
import type { RepositoryContent } from './content-server.ts';
import { digestsOf } from './definitions.ts';
import { eventually, type Installation, openInstallation } from './installation.ts';
import { IMAGE_KINDS, type ImageKind, makeImage } from './pull-skopeo-images.ts';
import { pushContent } from './pull-skopeo-push.ts';
import {
  INSECURE_UPSTREAMS,
  startUpstreams,
  UPSTREAMS,
  type UpstreamKind,
  type Upstreams,
} from './pull-skopeo-upstreams.ts';
import { streamOf, type TagSource } from './registry-definitions.ts';
import { ACCOUNT } from './registry-programs.ts';
import { NAMESPACE } from './registry-surroundings.ts';

/** ms for first imports of two dozen streams, on a busy machine. */
const LIMIT = 60_000;

/** An image of a kind in an upstream, and the stream that follows it there. */
export interface FollowedImage {
  readonly upstream: UpstreamKind;
  readonly kind: ImageKind;
  readonly stream: string;
  /** In the upstream registries; all of them have all. */
  readonly repository: string;
  readonly content: RepositoryContent;
}

/** Tagtrail with a registry behind a certificate of its own authority, beside four upstreams with six images each. */
export interface PullSite extends AsyncDisposable {
  readonly folder: string;
  readonly tagtrail: Installation;
  readonly upstreams: Upstreams;
  /** `127.0.0.1:41234`, as it stands in pull specs. */
  readonly host: string;
  readonly caPem: string;
  /** Holds the authority of our registry and nothing else, as clients want it (`--cert-dir`). */
  readonly certificates: string;
  image(upstream: UpstreamKind, kind: ImageKind): FollowedImage;
  /** Creates a stream of these tags and waits for their first images. */
  follow(stream: string, tags: Readonly<Record<string, TagSource>>): Promise<void>;
  /** Ends all of them. */
  stopUpstreams(): Promise<void>;
  /** Ends the pull-through registry and starts another one at the same place. */
  restartRegistry(): Promise<void>;
}

export async function openPullSite(): Promise<PullSite> {
  await using opening = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'tagtrail-pull-'));
  opening.defer(() => rmSync(folder, { recursive: true, force: true }));
  const upstreams = opening.use(await startUpstreams(folder));
  const images = makeImages();
  for (const { repository, content } of images) {
    await pushContent({ host: upstreams.gates.back, repository }, content);
  }
  const host = `127.0.0.1:${await freePort()}`;
  const certificate = await openCertificate(folder);
  const settings = await settingsFor(folder, { upstreams, host, certificate });
  const counts = { api: 1, producer: 1, worker: 1, 'status-writer': 1 };
  const tagtrail = opening.use(await openInstallation(counts, settings));
  let registry = await tagtrail.start('registry');
  await createPullSecret(tagtrail, upstreams.hosts['with tokens over TLS']);
  await Promise.all(images.map((image) => followImage(tagtrail, image, upstreams)));
  const opened = opening.move();
  return {
    ...{ folder, tagtrail, upstreams, host, ...certificate },
    image: (upstream, kind) => imageOf(images, upstream, kind),
    follow: (stream, tags) => follow(tagtrail, stream, tags),
    stopUpstreams: async () => upstreams[Symbol.asyncDispose](),
    async restartRegistry() {
      await registry.stop();
      registry = await tagtrail.start('registry');
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** No two of them have a layer in common: each upstream is asked for its own. */
function makeImages(): readonly FollowedImage[] {
  return UPSTREAMS.flatMap((upstream, at) =>
    IMAGE_KINDS.map((kind) => {
      const stream = `${kind.toLowerCase().replaceAll(' ', '-')}-${at}`;
      return {
        ...{ upstream, kind, stream },
        repository: `shop/${stream}`,
        content: makeImage(kind, stream),
      };
    }),
  );
}

function imageOf(
  images: readonly FollowedImage[],
  upstream: UpstreamKind,
  kind: ImageKind,
): FollowedImage {
  const found = images.find((one) => one.upstream === upstream && one.kind === kind);
  if (found === undefined) throw new Error(`there is no ${kind} ${upstream}`);
  return found;
}

interface OwnCertificate extends Pick<PullSite, 'caPem' | 'certificates'> {
  readonly certificateFile: string;
  readonly keyFile: string;
}

async function openCertificate(folder: string): Promise<OwnCertificate> {
  const place = { folder: join(folder, 'serving'), hosts: ['127.0.0.1'] };
  const { caPem, certificateFile, keyFile } = await openServingCertificate(place);
  const certificates = join(folder, 'trusted');
  mkdirSync(certificates);
  writeFileSync(join(certificates, 'ca.crt'), caPem);
  return { caPem, certificates, certificateFile, keyFile };
}

interface SettingsParts {
  readonly upstreams: Upstreams;
  readonly host: string;
  readonly certificate: OwnCertificate;
}

async function settingsFor(
  folder: string,
  { upstreams: { gates, hosts }, host, certificate }: SettingsParts,
): Promise<Readonly<Record<string, string>>> {
  const secretKey = join(folder, 'secret-key');
  await createSecretKeyFile(secretKey);
  const authFile = join(folder, 'operator.json');
  writeFileSync(authFile, authText(hosts['with htpasswd over TLS']), { mode: 0o600 });
  return {
    TAGTRAIL_API_REGISTRY_HOSTNAME: host,
    TAGTRAIL_REGISTRIES_AUTH_FILE: authFile,
    TAGTRAIL_REGISTRIES_CA_FILE: gates.certificates.root,
    // The token service is another port of this machine, to which a registry may not lead everybody.
    TAGTRAIL_REGISTRIES_PRIVATE_REGISTRIES: gates.tokenServer.host,
    TAGTRAIL_REGISTRY_CERTIFICATE_FILE: certificate.certificateFile,
    TAGTRAIL_REGISTRY_FOLDER: join(folder, 'copies'),
    TAGTRAIL_REGISTRY_KEY_FILE: certificate.keyFile,
    TAGTRAIL_REGISTRY_PORT: host.split(':')[1] ?? '',
    TAGTRAIL_SECRETS_KEY_FILE: secretKey,
  };
}

/** A Docker config.json with the account at a host. */
function authText(host: string): string {
  const auth = Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString('base64');
  return JSON.stringify({ auths: { [host]: { auth } } });
}

/** The operator does not know the account; the namespace does. */
async function createPullSecret({ client }: Installation, host: string): Promise<void> {
  await client.secrets.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'upstream', namespace: NAMESPACE },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': Buffer.from(authText(host)).toString('base64') },
  });
}

function followImage(
  tagtrail: Installation,
  { upstream, stream, repository, content }: FollowedImage,
  { hosts }: Upstreams,
): Promise<void> {
  const policy = {
    insecure: INSECURE_UPSTREAMS.includes(upstream),
    importMode: 'PreserveOriginal' as const,
  };
  const sources = [...content.tags.keys()].map((tag) => {
    return [tag, { from: `${hosts[upstream]}/${repository}:${tag}`, ...policy }] as const;
  });
  return follow(tagtrail, stream, Object.fromEntries(sources));
}

async function follow(
  { client }: Installation,
  name: string,
  tags: Readonly<Record<string, TagSource>>,
): Promise<void> {
  await client.streams.create(streamOf(name, tags));
  await eventually(async () => {
    const stream = await client.streams.get({ namespace: NAMESPACE, name });
    const isThere = Object.keys(tags).every((tag) => digestsOf(stream, tag).length > 0);
    return isThere || undefined;
  }, LIMIT).catch(async () => {
    const { status } = await client.streams.get({ namespace: NAMESPACE, name });
    throw new Error(`${name} has no images: ${JSON.stringify(status)}`);
  });
}
