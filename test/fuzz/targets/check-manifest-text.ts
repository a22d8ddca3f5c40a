import { isDigest } from '@tagtrail/image-reference';
import {
  type Descriptor,
  decodeManifest,
  type ImageIndex,
  type ImageManifest,
  isIndexType,
  isManifestType,
  selectLegacyManifest,
} from '@tagtrail/oci';
import { must, mustEqual } from '../engine/fuzz-target.ts';

const MOST_DESCRIPTORS = 10_000;

/** What must hold of a manifest or an index, whatever its text and whatever the header says of it. */
export function checkManifestText(text: string, claimed: string): boolean {
  const silent = decodeManifest(text, undefined);
  const spoken = decodeManifest(text, claimed);
  if (spoken.ok && silent.ok) {
    mustEqual(silent.manifest, spoken.manifest, 'a text has one reading');
  }
  // A header may only take away; what it adds is the type of a text that states none.
  if (silent.ok && !spoken.ok) must(silent.manifest.mediaType !== claimed, 'the header agreed');
  for (const decoded of [silent, spoken]) {
    if (decoded.ok) checkDecoded(decoded.manifest);
    else must(decoded.message !== '', 'a refusal says why');
  }
  return silent.ok || spoken.ok;
}

function checkDecoded(manifest: ImageManifest | ImageIndex): void {
  const { kind, mediaType, subject } = manifest;
  must(kind === 'index' ? isIndexType(mediaType) : isManifestType(mediaType), 'the type fits');
  const listed = kind === 'index' ? manifest.manifests : manifest.layers;
  must(listed.length <= MOST_DESCRIPTORS, 'the descriptors are bounded');
  const others = kind === 'index' ? [] : [manifest.config];
  for (const one of [...listed, ...others, ...(subject ? [subject] : [])]) checkDescriptor(one);
  if (kind === 'index') {
    const chosen = selectLegacyManifest(manifest, {});
    must(
      listed.length === 0 ? chosen === undefined : listed.some((one) => one === chosen),
      'one is chosen',
    );
  }
  const { kind: _, ...document } = manifest;
  const written = JSON.stringify({ schemaVersion: 2, ...document });
  const again = decodeManifest(written, mediaType);
  mustEqual(again, { ok: true, manifest }, 'a manifest is read as it was written');
}

function checkDescriptor({ mediaType, digest, size, annotations, urls, data }: Descriptor): void {
  must(isDigest(digest), 'a digest is well-formed');
  must(Number.isSafeInteger(size) && size >= 0, 'a size is a count');
  must(/^[ -~]{3,255}$/.test(mediaType), 'a media type may stand in a header');
  must(
    Object.values(annotations ?? {}).every((one) => typeof one === 'string'),
    'annotations are texts',
  );
  must(
    (urls ?? []).every((one) => typeof one === 'string'),
    'places are texts',
  );
  must(data === undefined || Buffer.from(data, 'base64').length === size, 'content has its size');
}
