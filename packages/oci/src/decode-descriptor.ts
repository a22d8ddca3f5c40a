import { type Digest, isDigest } from '@tagtrail/image-reference';
import type { Descriptor, Platform } from './descriptor.ts';
import { isCount, isFields, isString, isStringMap, isStrings } from './json-guards.ts';
import { type JsonObject, knownKeys, type Reading } from './json-object.ts';
import { JsonShape } from './json-shape.ts';
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
/** The last one that was found to be one: the layers of an image are all of one type. */
let latestMediaType = '';
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

const PLATFORM: Reading<Platform> = {
  shape: new JsonShape<Platform>(
    {
      os: isString,
      architecture: isString,
      variant: isString,
      'os.version': isString,
      'os.features': isStrings,
      features: isStrings,
    },
    ['os', 'architecture'],
  ),
  read: decodePlatform,
};

/** A descriptor, in whatever it stands. */
export const DESCRIPTOR: Reading<Descriptor> = {
  shape: new JsonShape<Descriptor>(
    {
      mediaType: isMediaTypeText,
      digest: isDigestText,
      size: isCount,
      platform: (value): value is Platform => isFields(value) && PLATFORM.shape.fits(value),
      annotations: isStringMap,
      artifactType: isMediaTypeText,
      // Its length has to be compared with the size.
      data: (value): value is string => value === undefined,
      urls: isStrings,
    },
    REQUIRED,
  ),
  read: decodeDescriptor,
};

/** Reads a descriptor; undefined after reporting that the fields every descriptor needs are not there. */
function decodeDescriptor(body: JsonObject): Descriptor | undefined {
  body.refuseCaseVariants(DESCRIPTOR_KEYS);
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
  return omitAbsent({
    mediaType,
    digest,
    size,
    platform: body.shaped('platform', PLATFORM),
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
  if (text === latestMediaType) return true;
  if (!MEDIA_TYPE.test(text)) return false;
  latestMediaType = text;
  return true;
}

function isMediaTypeText(value: unknown): value is string {
  return isString(value) && isMediaType(value);
}

function isDigestText(value: unknown): value is Digest {
  return isString(value) && isDigest(value);
}

function decodePlatform(body: JsonObject): Platform {
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
