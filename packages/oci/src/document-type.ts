import { decodeMediaType } from './decode-descriptor.ts';
import type { JsonObject } from './json-object.ts';
import { MEDIA_TYPE } from './media-type.ts';

/** Types that say nothing about what the body is; file servers that stand in for registries send them. */
const GENERIC_TYPES: ReadonlySet<string> = new Set([
  'application/json',
  'application/octet-stream',
  'text/plain',
]);

/** The type that a Content-Type header claims, without parameters; undefined when it claims nothing. */
export function claimedType(contentType: string | undefined): string | undefined {
  const [type = ''] = (contentType ?? '').split(';', 1);
  const mediaType = type.trim().toLowerCase();
  return mediaType === '' || GENERIC_TYPES.has(mediaType) ? undefined : mediaType;
}

/**
 * The type of a manifest: what the body states, which its digest covers; else what the header
 * claims; else OCI's, the only one whose `mediaType` is optional. Reports a body that contradicts
 * the header.
 */
export function documentType(body: JsonObject, claimed: string | undefined): string {
  const stated = decodeMediaType(body, 'mediaType');
  if (stated !== undefined && claimed !== undefined && stated !== claimed) {
    body.report('mediaType', `differs from the Content-Type ${claimed}`);
  }
  const implied = body.has('manifests') ? MEDIA_TYPE.ociIndex : MEDIA_TYPE.ociManifest;
  return stated ?? claimed ?? implied;
}
