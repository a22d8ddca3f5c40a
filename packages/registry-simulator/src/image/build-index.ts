import type { ImageStamp } from './build-image.ts';
import { blobReference, buildImage, jsonBytes, storedManifest } from './build-image.ts';
import { digestOf } from './digest.ts';
import type { ImageLayout, StoredManifest } from './image-spec.ts';
import { WIRE_MEDIA_TYPE } from './media-type.ts';
import { parsePlatform } from './platform.ts';

const ATTESTATION_PLATFORM = 'unknown/unknown';

interface Entry {
  readonly platform: string;
  readonly layout: ImageLayout;
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * An OCI index or Docker list over one image per platform, attestations after the images as
 * BuildKit does.
 */
export function buildIndex(
  stamp: ImageStamp,
  platforms: readonly string[],
  attestations: boolean,
): ImageLayout {
  const images = platforms.map((platform) => ({ platform, layout: buildImage(stamp, platform) }));
  const entries: Entry[] = attestations ? [...images, ...images.map(attestationOf)] : images;
  const mediaType =
    stamp.format === 'docker' ? WIRE_MEDIA_TYPE.dockerList : WIRE_MEDIA_TYPE.ociIndex;
  const children = entries.map(({ platform, layout }) => ({
    digest: layout.root.digest,
    platform,
  }));
  return {
    root: storedManifest(mediaType, { manifests: entries.map(indexEntry) }, children),
    below: entries.map(({ layout }) => layout.root),
    blobs: new Map(entries.flatMap(({ layout }) => [...layout.blobs])),
  };
}

function indexEntry({ platform, layout, annotations }: Entry): object {
  const { mediaType, body }: StoredManifest = layout.root;
  return {
    ...blobReference(mediaType, body),
    platform: parsePlatform(platform),
    ...(annotations && { annotations }),
  };
}

/** A provenance manifest about an image, as BuildKit attaches it. */
function attestationOf({ layout: { root: subject } }: Entry): Entry {
  const statement = jsonBytes({
    _type: 'https://in-toto.io/Statement/v0.1',
    predicateType: 'https://slsa.dev/provenance/v0.2',
    subject: [{ name: 'simulated', digest: { sha256: subject.digest.slice('sha256:'.length) } }],
    predicate: { buildType: 'https://mobyproject.org/buildkit@v1' },
  });
  const config = jsonBytes({
    ...parsePlatform(ATTESTATION_PLATFORM),
    config: {},
    rootfs: { type: 'layers', diff_ids: [digestOf(statement)] },
  });
  const root = storedManifest(WIRE_MEDIA_TYPE.ociManifest, {
    config: blobReference(WIRE_MEDIA_TYPE.ociConfig, config),
    layers: [blobReference(WIRE_MEDIA_TYPE.inToto, statement)],
  });
  const blobs = new Map([config, statement].map((blob) => [digestOf(blob), blob]));
  return {
    platform: ATTESTATION_PLATFORM,
    layout: { root, below: [], blobs },
    annotations: {
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': subject.digest,
    },
  };
}
