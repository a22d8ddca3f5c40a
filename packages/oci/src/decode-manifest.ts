import { DESCRIPTOR, decodeMediaType, isMediaType } from './decode-descriptor.ts';
import type { Descriptor } from './descriptor.ts';
import { claimedType, documentType } from './document-type.ts';
import { type JsonObject, knownKeys } from './json-object.ts';
import { DESCRIPTOR_LIMIT, MANIFEST_LIMIT_BYTES } from './limits.ts';
import type { ImageIndex, ImageManifest } from './manifest.ts';
import { isIndexType, isManifestType, isSchema1Type } from './media-type.ts';
import { omitAbsent } from './omit-absent.ts';
import { parseDocument } from './parse-document.ts';

export type DecodedManifest =
  | { readonly ok: true; readonly manifest: ImageManifest | ImageIndex }
  | {
      readonly ok: false;
      readonly reason: 'InvalidManifest' | 'UnsupportedManifest';
      readonly message: string;
    };

/** Why a manifest of Docker's schema 1 is not read, and what to do about it. */
export const SCHEMA1_UNSUPPORTED =
  'docker schema 1 manifests are not supported; push the image again with a current client';

const DOCUMENT_KEYS = knownKeys(
  'schemaVersion',
  'mediaType',
  'config',
  'layers',
  'manifests',
  'artifactType',
  'subject',
  'annotations',
  'fsLayers',
);

/**
 * Reads a manifest or an index of untrusted origin. `contentType` is the header's value, parameters
 * and all. One text has one reading or none: both kinds' fields at once, a `mediaType` that differs
 * from the header, repeated keys and case variants of keys are refused (CVE-2021-41190). Unknown
 * fields are passed over. Source: OCI image-spec, "Image Manifest" and "Image Index".
 */
export function decodeManifest(text: string, contentType: string | undefined): DecodedManifest {
  const claimed = claimedType(contentType);
  if (claimed !== undefined && !isMediaType(claimed)) return invalid('malformed Content-Type');
  if (claimed !== undefined && isSchema1Type(claimed)) return schema1();
  const document = parseDocument(text, MANIFEST_LIMIT_BYTES);
  if (!document.ok) return invalid(`manifest ${document.message}`);
  const { body, problems } = document;
  body.refuseCaseVariants(DOCUMENT_KEYS);
  if (isSchema1(body)) return schema1();
  const mediaType = documentType(body, claimed);
  if (isSchema1Type(mediaType)) return schema1();
  const manifest = decodeAs(mediaType, body);
  if (problems.first !== undefined) return invalid(problems.first);
  if (manifest !== undefined) return { ok: true, manifest };
  return failure('UnsupportedManifest', `media type ${mediaType} is not supported`);
}

function isSchema1(body: JsonObject): boolean {
  return body.count('schemaVersion') === 1 || body.has('fsLayers');
}

/** Undefined for a type that is not read, and after reporting what is wrong with one that is. */
function decodeAs(mediaType: string, body: JsonObject): ImageManifest | ImageIndex | undefined {
  if (isIndexType(mediaType)) return decodeIndex(mediaType, body);
  return isManifestType(mediaType) ? decodeImage(mediaType, body) : undefined;
}

function decodeIndex(mediaType: string, body: JsonObject): ImageIndex {
  refuseFields(body, 'an index', ['config', 'layers']);
  const manifests = decodeList(body, 'manifests');
  return omitAbsent({ kind: 'index' as const, mediaType, manifests, ...decodeShared(body) });
}

function decodeImage(mediaType: string, body: JsonObject): ImageManifest | undefined {
  refuseFields(body, 'a manifest', ['manifests']);
  body.require('config');
  const config = body.shaped('config', DESCRIPTOR);
  const layers = decodeList(body, 'layers');
  if (config === undefined) return undefined;
  return omitAbsent({
    kind: 'manifest' as const,
    mediaType,
    config,
    layers,
    ...decodeShared(body),
  });
}

/** What manifests and indexes both have. */
function decodeShared(body: JsonObject) {
  if (body.count('schemaVersion') !== 2) body.report('schemaVersion', 'is not 2');
  return {
    artifactType: decodeMediaType(body, 'artifactType'),
    subject: body.shaped('subject', DESCRIPTOR),
    annotations: body.stringMap('annotations'),
  };
}

function refuseFields(body: JsonObject, kind: string, keys: readonly string[]): void {
  for (const key of keys) {
    if (body.has(key)) body.report(key, `has no place in ${kind}`);
  }
}

function decodeList(body: JsonObject, key: string): readonly Descriptor[] {
  const entries = body.shapedList(key, DESCRIPTOR_LIMIT, DESCRIPTOR);
  if (entries === undefined) body.report(key, 'is missing');
  return entries ?? [];
}

function schema1(): DecodedManifest {
  return failure('UnsupportedManifest', SCHEMA1_UNSUPPORTED);
}

function invalid(message: string): DecodedManifest {
  return failure('InvalidManifest', message);
}

function failure(
  reason: 'InvalidManifest' | 'UnsupportedManifest',
  message: string,
): DecodedManifest {
  return { ok: false, reason, message };
}
