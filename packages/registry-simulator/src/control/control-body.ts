import type { Fault, FaultMatch } from '../faults/fault.ts';
import type {
  ImageSpec,
  ImageTraits,
  MultiPlatformImage,
  SameImage,
  SingleImage,
  VerbatimImage,
} from '../image/image-spec.ts';
import type { FieldRules, ObjectShape } from './decode-fields.ts';
import { decodeFields } from './decode-fields.ts';
import { FAULT, MATCH } from './fault-shape.ts';
import { either, FIELD, isObject, oneOf } from './field-rule.ts';

/** Body of `DELETE /_simulator/tags`. */
export interface TagRequest {
  readonly repository: string;
  readonly tag: string;
}

/** Body of `POST /_simulator/push`. */
export interface PushRequest extends TagRequest {
  readonly image: ImageSpec;
}

/** Body of `POST /_simulator/faults`. */
export type FaultRequest =
  | { readonly match: FaultMatch; readonly fault: Fault }
  | { readonly match: FaultMatch; readonly name: string };

const TRAITS: FieldRules<ImageTraits> = {
  format: oneOf(['oci', 'docker']),
  seed: either(FIELD.text, FIELD.count),
  created: FIELD.text,
  labels: FIELD.textByName,
};

const SINGLE: ObjectShape<SingleImage> = { rules: { ...TRAITS, platform: FIELD.text } };

const MULTI_PLATFORM: ObjectShape<MultiPlatformImage> = {
  rules: { ...TRAITS, platforms: FIELD.texts, attestations: FIELD.flag },
};

const SAME: ObjectShape<SameImage> = { rules: { sameAs: FIELD.text, from: FIELD.text } };

const VERBATIM: ObjectShape<VerbatimImage> = {
  rules: { manifest: FIELD.text, mediaType: FIELD.text, blobs: FIELD.texts },
  required: ['mediaType'],
};

const TAG: ObjectShape<TagRequest> = {
  rules: { repository: FIELD.text, tag: FIELD.text },
  required: ['repository', 'tag'],
};

const PUSH: ObjectShape<TagRequest & { image?: unknown }> = {
  rules: { ...TAG.rules, image: FIELD.nested },
  required: ['repository', 'tag'],
};

const FAULT_REQUEST: ObjectShape<{ match?: unknown; fault: unknown }> = {
  rules: { match: FIELD.nested, fault: FIELD.nested },
  required: ['fault'],
};

const NAMED_FAULT_REQUEST: ObjectShape<{ match?: unknown; name: string }> = {
  rules: { match: FIELD.nested, name: FIELD.text },
  required: ['name'],
};

/** What `decodeFaultMatch` knows. */
export const FAULT_MATCH_FIELDS: readonly string[] = Object.keys(MATCH.rules);

export function decodePushRequest(body: unknown): PushRequest {
  const { repository, tag, image = {} } = decodeFields(body, 'request', PUSH);
  return { repository, tag, image: decodeImageSpec(image) };
}

export function decodeFaultRequest(body: unknown): FaultRequest {
  if (isObject(body) && 'name' in body) {
    const { match = {}, name } = decodeFields(body, 'request', NAMED_FAULT_REQUEST);
    return { match: decodeFaultMatch(match), name };
  }
  const { match = {}, fault } = decodeFields(body, 'request', FAULT_REQUEST);
  return { match: decodeFaultMatch(match), fault: decodeFields(fault, 'fault', FAULT) };
}

/** The conditions of a fault, of unknown origin. Throws SimulatorError `InvalidRequest`. */
export function decodeFaultMatch(value: unknown): FaultMatch {
  return decodeFields(value, 'match', MATCH);
}

export function decodeTagRequest(body: unknown): TagRequest {
  return decodeFields(body, 'request', TAG);
}

/** The field that only one kind of spec has tells which it is. */
function decodeImageSpec(image: unknown): ImageSpec {
  const has = (field: string) => isObject(image) && field in image;
  if (has('sameAs')) return decodeFields(image, 'image', SAME);
  if (has('manifest')) return decodeFields(image, 'image', VERBATIM);
  if (has('platforms')) return decodeFields(image, 'image', MULTI_PLATFORM);
  return decodeFields(image, 'image', SINGLE);
}
