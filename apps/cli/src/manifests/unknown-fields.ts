import { isJsonObject, type JsonObject } from '../json-object.ts';

/** Members an object may have. `true` is a value of any kind, `[shape]` a list. */
type Shape = { readonly [member: string]: true | Shape | readonly [Shape] };

const OBJECT_META: Shape = {
  name: true,
  generateName: true,
  namespace: true,
  uid: true,
  resourceVersion: true,
  generation: true,
  creationTimestamp: true,
  deletionTimestamp: true,
  deletionGracePeriodSeconds: true,
  selfLink: true,
  labels: true,
  annotations: true,
  finalizers: true,
  managedFields: true,
  ownerReferences: true,
};

const OBJECT_REFERENCE: Shape = {
  kind: true,
  namespace: true,
  name: true,
  uid: true,
  apiVersion: true,
  resourceVersion: true,
  fieldPath: true,
};

/** Source: `image.openshift.io/v1` and Kubernetes `ObjectMeta`, `ObjectReference`. */
const IMAGE_STREAM: Shape = {
  kind: true,
  apiVersion: true,
  metadata: OBJECT_META,
  spec: {
    lookupPolicy: { local: true },
    dockerImageRepository: true,
    tags: [
      {
        name: true,
        annotations: true,
        from: OBJECT_REFERENCE,
        reference: true,
        generation: true,
        importPolicy: { insecure: true, scheduled: true, importMode: true },
        referencePolicy: { type: true },
      },
    ],
  },
  status: true,
};

/**
 * Paths of members that no ImageStream has, such as `spec.tags[0].importPolicy.schedule`: a typing error that would
 * otherwise be dropped without a word.
 */
export function unknownFields(object: JsonObject): readonly string[] {
  return unknownMembers(object, IMAGE_STREAM, '');
}

function unknownMembers(object: JsonObject, shape: Shape, path: string): readonly string[] {
  return Object.entries(object).flatMap(([key, value]) => {
    const member = path === '' ? key : `${path}.${key}`;
    const known = Object.hasOwn(shape, key) ? shape[key] : undefined;
    return known === undefined ? [member] : unknownWithin(value, known, member);
  });
}

function unknownWithin(value: unknown, shape: Shape[string], path: string): readonly string[] {
  if (shape === true) return [];
  if (!isList(shape)) return isJsonObject(value) ? unknownMembers(value, shape, path) : [];
  if (!Array.isArray(value)) return [];
  return value.flatMap((element, index) => unknownWithin(element, shape[0], `${path}[${index}]`));
}

function isList(shape: Shape | readonly [Shape]): shape is readonly [Shape] {
  return Array.isArray(shape);
}
