import { isDigest } from '@tagtrail/image-reference';
import type { Descriptor, Platform } from './descriptor.ts';
import { type JsonObject, knownKeys } from './json-object.ts';
import { omitAbsent } from './omit-absent.ts';

const DESCRIPTOR_KEYS = knownKeys(
  'mediaType',
  'digest',
  'size',
  'platform',
  'annotations',
  'artifactType',
  'data',
  'urls',
);
const REQUIRED = ['mediaType', 'digest', 'size'] as const;
const PLATFORM_KEYS = knownKeys(
  'os',
  'architecture',
  'variant',
  'os.version',
  'os.features',
  'features',
);

/** `type/subtype`, then printable ASCII: types reach headers and terminals. RFC 6838 allows 127 characters a side. */
const MEDIA_TYPE = /^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}\/[ -~]{1,127}$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Reads a descriptor; undefined after reporting that the fields every descriptor needs are not there. */
export function decodeDescriptor(body: JsonObject): Descriptor | undefined {
  const keys = body.refuseCaseVariants(DESCRIPTOR_KEYS);
  const mediaType = decodeMediaType(body, 'mediaType');
  const digest = body.string('digest');
  const size = body.count('size');
  if (mediaType === undefined || digest === undefined || size === undefined) {
    body.require(...REQUIRED);
    return undefined;
  }
  if (!isDigest(digest)) {
    body.report('digest', 'is not a sha256 or sha512 digest');
    return undefined;
  }
  // Most have nothing else, and an image has dozens.
  if (keys === REQUIRED.length) return { mediaType, digest, size };
  return omitAbsent({
    mediaType,
    digest,
    size,
    platform: decodePlatform(body.object('platform')),
    annotations: body.stringMap('annotations'),
    artifactType: decodeMediaType(body, 'artifactType'),
    data: decodeEmbedded(body, size),
    urls: body.strings('urls'),
  });
}

/** Reads a media type and reports one that is none. */
export function decodeMediaType(body: JsonObject, key: string): string | undefined {
  const mediaType = body.string(key);
  if (mediaType === undefined || isMediaType(mediaType)) return mediaType;
  body.report(key, 'is not a media type');
  return undefined;
}

export function isMediaType(text: string): boolean {
  return MEDIA_TYPE.test(text);
}

function decodePlatform(body: JsonObject | undefined): Platform | undefined {
  if (body === undefined) return undefined;
  body.refuseCaseVariants(PLATFORM_KEYS);
  return omitAbsent({
    os: body.string('os') ?? '',
    architecture: body.string('architecture') ?? '',
    variant: body.string('variant'),
    'os.version': body.string('os.version'),
    'os.features': body.strings('os.features'),
    features: body.strings('features'),
  });
}

/** Embedded content must have the descriptor's size; its digest is for whoever uses it. */
function decodeEmbedded(body: JsonObject, size: number): string | undefined {
  const content = body.string('data');
  if (content === undefined || base64Length(content) === size) return content;
  body.report('data', `is not ${size} bytes in base64`);
  return undefined;
}

function base64Length(text: string): number | undefined {
  if (text.length % 4 !== 0 || !BASE64.test(text)) return undefined;
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='));
  return (text.length / 4) * 3 - padding;
}
