import { hash } from 'node:crypto';
import type { ContentBuilder as Builder, Platform } from './conformance-content.ts';
import { ContentBuilder, type ContentTraits } from './conformance-content.ts';
import type { ContentDescriptor, RepositoryContent } from './content-server.ts';

const TYPE_1 = 'application/vnd.example.oci.conformance.v1';
const TYPE_2 = 'application/vnd.example.oci.conformance.v2';
const FOREIGN_LAYER = 'application/vnd.oci.image.layer.nondistributable.v1.tar';
const OCTETS = 'application/octet-stream';
const AMD64: Platform = { os: 'linux', architecture: 'amd64' };
const ARM64: Platform = { os: 'linux', architecture: 'arm64' };
const HELLO = { 'org.opencontainers.conformance': 'hello conformance test' };
/** Annotations of 10,000 characters each: just below the 4 MiB that registries take at least. */
const LARGE_ANNOTATIONS = 390;

/** A set of the OCI conformance suite, as one repository. Source: distribution-spec, conformance/run.go. */
export interface ConformanceSet {
  /** As the suite calls it. */
  readonly name: string;
  /** Of the stream, and of the repository upstream. */
  readonly stream: string;
  readonly content: RepositoryContent;
}

function made(
  name: string,
  make: (builder: Builder) => unknown,
  traits: ContentTraits = {},
): ConformanceSet {
  const stream = name.toLowerCase().replaceAll(' ', '-');
  const content = new ContentBuilder(stream, traits);
  make(content);
  return { name, stream, content };
}

/** An index of an image for each platform. */
function platforms(builder: Builder, tag?: string): ContentDescriptor {
  const entries = [AMD64, ARM64].map(
    (platform) => [builder.image({ platform }), platform] as const,
  );
  return builder.index(entries, tag === undefined ? {} : { tag });
}

function artifactIndex(builder: Builder, tag: string, subject?: ContentDescriptor): void {
  const entries = [AMD64, ARM64].map(
    (platform) => [builder.artifact(TYPE_1, { annotations: HELLO }), platform] as const,
  );
  const more = subject && { subject, annotations: { ...HELLO, 'org.example.unique': tag } };
  builder.index(entries, { tag, artifactType: TYPE_1, ...more });
}

function largeAnnotations(): Record<string, string> {
  const names = Array.from({ length: LARGE_ANNOTATIONS }, (_, at) => `large-annotation-${at}`);
  return Object.fromEntries(names.map((name) => [name, 'A'.repeat(10_000)]));
}

function artifactsWithSubject(builder: Builder): void {
  const subject = builder.image({ tag: 'image' });
  builder.image({ subject });
  for (const [at, type] of [TYPE_1, TYPE_2].entries()) {
    const tag = `tagged-artifact${at + 1}`;
    const annotations = { ...HELLO, 'org.example.unique': tag };
    builder.artifact(type, { subject, annotations, tag });
  }
}

/** Somewhere else, that clients may go to and registries need not have. */
function foreignLayer(builder: Builder, suffix: string, size: number): ContentDescriptor {
  const hex = hash('sha256', builder.uniqueBytes(32), 'hex');
  const urls = [`https://store.example.com/blobs/sha256/${hex}`];
  return { mediaType: `${FOREIGN_LAYER}${suffix}`, digest: `sha256:${hex}`, size, urls };
}

function missingSubject(builder: Builder): void {
  const digest = `sha256:${hash('sha256', 'missing content', 'hex')}` as const;
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const subject = { mediaType, digest, size: 123 };
  builder.artifact(TYPE_1, { subject, annotations: HELLO, tag: 'tagged-artifact' });
}

/** What the blob tests ask for, in an artifact that holds it: 2,048 bytes, none, and `{}`. */
function blobs(builder: Builder): void {
  const layers = [builder.uniqueBytes(2048), Buffer.alloc(0), Buffer.from('{}')];
  builder.artifact(TYPE_1, {
    layers: layers.map((bytes) => builder.blob(OCTETS, bytes)),
    tag: 'blobs',
  });
}

/** All that a registry for pulling is asked for; what is about pushing is left out. */
export const CONFORMANCE_SETS: readonly ConformanceSet[] = [
  made('Image', (b) => b.image({ tag: 'image' })),
  made('Image Uncompressed', (b) => b.image({ tag: 'image' }), { uncompressed: true }),
  made('Large Manifest', (b) => b.image({ tag: 'large', annotations: largeAnnotations() })),
  made('Index', (b) => platforms(b, 'index')),
  made('Nested Index', (b) => b.index([[platforms(b)], [platforms(b)]], { tag: 'index-of-index' })),
  made('Empty Index', (b) => b.index([], { tag: 'index' })),
  made('Artifact', (b) => b.artifact(TYPE_1, { tag: 'artifact' })),
  made('Artifact Index', (b) => artifactIndex(b, 'artifact-index')),
  made('Artifact without Layers', (b) =>
    b.artifact(TYPE_1, { layers: [b.empty()], tag: 'artifact-without-layers' }),
  ),
  made('Artifacts with Subject', artifactsWithSubject),
  made('Index with Subject', (b) => artifactIndex(b, 'tagged-artifact', platforms(b, 'index'))),
  made('Missing Subject', missingSubject),
  made('Data Field', (b) => platforms(b, 'data-field'), { embedded: true }),
  made('Non-distributable Layers', (b) =>
    b.image({
      layers: [foreignLayer(b, '+gzip', 123_456), foreignLayer(b, '', 12_345), b.layer()],
      tag: 'non-distributable-image',
    }),
  ),
  made('Custom Fields', (b) => platforms(b, 'custom-fields'), { extraFields: true }),
  made('No Layers', (b) => b.image({ layers: [], tag: 'no-layers' })),
  made('Empty Blob', (b) =>
    b.artifact(TYPE_1, { layers: [b.blob(OCTETS, Buffer.alloc(0))], tag: 'empty-blob' }),
  ),
  made('Digest Algorithm sha512', (b) => platforms(b, 'sha512'), { algorithm: 'sha512' }),
];

/** What the tests of blobs ask for, one for each algorithm. */
export const BLOB_SETS: readonly (ConformanceSet & { readonly algorithm: string })[] = (
  ['sha256', 'sha512'] as const
).map((algorithm) => ({ ...made(`Blobs ${algorithm}`, blobs, { algorithm }), algorithm }));

/** Tags of one repository, in the order in which a list gives them: that of their bytes. */
export const LISTED: ConformanceSet = made('Listed', (b) => {
  for (const tag of ['a', 'B', 'c_1', 'c-1', '1.10', '1.9', 'latest']) b.image({ tag });
});
