import { isTag } from '../content/names.ts';
import { digestOf } from '../image/digest.ts';
import type { StoredManifest } from '../image/image-spec.ts';
import { WIRE_MEDIA_TYPE } from '../image/media-type.ts';
import { storedReply } from '../wire/answer-content.ts';
import type { Reply } from '../wire/reply.ts';
import type { FaultScene } from './fault-scene.ts';

type Document = Readonly<Record<string, unknown>>;

/** Makes another document of one, or undefined where the form does not apply. */
type Rewrite = (document: Document, manifest: StoredManifest) => Document | undefined;

/** Entries of a list that no registry of images needs. */
const MANY_ENTRIES = 1500;

/** Characters that take a list beyond every limit of clients. */
const GIANT_PADDING = 11 * 1024 * 1024;

const UNKNOWN_PLATFORM = { os: 'unknown', architecture: 'unknown' };

/** The OCI descriptor of `{}`, which artifacts have in place of a config. */
const EMPTY_CONFIG = {
  mediaType: 'application/vnd.oci.empty.v1+json',
  digest: digestOf('{}'),
  size: 2,
};

const OCI_OF_DOCKER: Readonly<Record<string, string>> = {
  [WIRE_MEDIA_TYPE.dockerList]: WIRE_MEDIA_TYPE.ociIndex,
  [WIRE_MEDIA_TYPE.dockerManifest]: WIRE_MEDIA_TYPE.ociManifest,
  [WIRE_MEDIA_TYPE.dockerConfig]: WIRE_MEDIA_TYPE.ociConfig,
  [WIRE_MEDIA_TYPE.dockerLayer]: WIRE_MEDIA_TYPE.ociLayer,
};

const FORMS = {
  /** The document does not say of what type it is. */
  noMediaType: ({ mediaType: _, ...rest }) => rest,
  /** Docker's documents as OCI's. */
  oci: (document, { mediaType }) =>
    mediaType in OCI_OF_DOCKER ? (withOciTypes(document) as Document) : undefined,
  /** No entry of an index has a platform. */
  noPlatform: (document) =>
    withEntries(document, (entries) => entries.map(({ platform: _, ...entry }) => entry)),
  /** An attestation stands before the images of an index. */
  attestationFirst: (document) =>
    withEntries(document, (entries) => [
      { ...entries.at(-1), platform: UNKNOWN_PLATFORM },
      ...entries,
    ]),
  /** An index as long as its last image is being built. */
  withoutLastEntry: (document) => withEntries(document, (entries) => entries.slice(0, -1)),
  /** An index whose only entry is the index that was pushed. */
  nested: (document, { mediaType, digest, body }) =>
    withEntries(document, () => [{ mediaType, digest, size: body.length }]),
  /** More entries than anybody builds images for. */
  manyEntries: (document) => withEntries(document, (entries) => manyOf(entries)),
  /** An index of more than 10 MB. */
  giant: (document) => ({ ...document, annotations: { padding: 'x'.repeat(GIANT_PADDING) } }),
  /** Something else than an image. */
  artifact: ({ layers, ...document }) =>
    layers === undefined
      ? undefined
      : {
          ...document,
          artifactType: 'application/vnd.cncf.helm.config.v1+json',
          config: EMPTY_CONFIG,
          layers,
        },
  /** The same bytes, addressed by sha512. */
  sha512: (document) => document,
} as const satisfies Readonly<Record<string, Rewrite>>;

/** A form in which a manifest can be served at a digest of its own. */
export type DocumentForm = keyof typeof FORMS;

export const DOCUMENT_FORMS = Object.keys(FORMS) as readonly DocumentForm[];

/**
 * Answers a tag with its manifest in the form, and the digest of that form with the same. What asks
 * for a digest that was really pushed gets what was pushed.
 */
export function replyInForm(reply: Reply, form: DocumentForm, scene: FaultScene): Reply {
  const { kind, repository = '', reference = '' } = scene.request.route;
  const stored = scene.content.repository(repository);
  if (kind !== 'manifest' || stored === undefined) return reply;
  if (reply.status === 200 && isTag(reference)) {
    const manifest = stored.manifest(reference);
    return (manifest && reform(manifest, form)?.reply) ?? reply;
  }
  if (reply.status !== 404) return reply;
  for (const manifest of stored.manifests()) {
    const formed = reform(manifest, form);
    if (formed?.digest === reference) return formed.reply;
  }
  return reply;
}

function reform(
  manifest: StoredManifest,
  form: DocumentForm,
): { readonly digest: string; readonly reply: Reply } | undefined {
  const rewrite: Rewrite = FORMS[form];
  const document = rewrite(JSON.parse(manifest.body.toString()), manifest);
  if (document === undefined) return undefined;
  const body = form === 'sha512' ? manifest.body : Buffer.from(JSON.stringify(document));
  const digest = digestOf(body, form === 'sha512' ? 'sha512' : 'sha256');
  const mediaType = form === 'oci' ? OCI_OF_DOCKER[manifest.mediaType] : manifest.mediaType;
  return { digest, reply: storedReply(mediaType ?? manifest.mediaType, digest, body) };
}

/** Undefined for a document that is no index. */
function withEntries(
  document: Document,
  change: (entries: readonly Document[]) => readonly Document[],
): Document | undefined {
  const { manifests } = document;
  return Array.isArray(manifests) ? { ...document, manifests: change(manifests) } : undefined;
}

function manyOf(entries: readonly Document[]): readonly Document[] {
  const made = Array.from({ length: MANY_ENTRIES }, (_, at) => ({
    ...entries[0],
    digest: digestOf(`entry ${at}`),
    platform: { os: 'linux', architecture: `cpu${at}` },
  }));
  return [...entries, ...made];
}

function withOciTypes(value: unknown): unknown {
  if (typeof value === 'string') return OCI_OF_DOCKER[value] ?? value;
  if (Array.isArray(value)) return value.map(withOciTypes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withOciTypes(one)]));
}
