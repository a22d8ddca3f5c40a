import { isJsonObject, type JsonObject } from '../json-object.ts';
import { IMAGE_STREAM_SHAPE, type Shape } from './image-stream-shape.ts';

/** A member that no ImageStream has: a typing error that would otherwise be dropped without a word. */
export interface UnknownField {
  /** Such as `spec.tags[0].importPolicy.schedule`. */
  readonly field: string;
  /** Its last part. */
  readonly name: string;
  /** The object that it stands in; empty at the top. */
  readonly parent: string;
}

/** All members, at any depth, that no ImageStream has. Annotations, labels and the status are not looked into. */
export function unknownFields(object: JsonObject): readonly UnknownField[] {
  return unknownMembers(object, IMAGE_STREAM_SHAPE, '');
}

function unknownMembers(object: JsonObject, shape: Shape, path: string): readonly UnknownField[] {
  return Object.entries(object).flatMap(([key, value]) => {
    const field = path === '' ? key : `${path}.${key}`;
    const known = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (known !== undefined) return unknownWithin(value, known, field);
    return [{ field, name: key, parent: path }];
  });
}

function unknownWithin(
  value: unknown,
  shape: Shape[string],
  path: string,
): readonly UnknownField[] {
  if (shape === true) return [];
  if (!isList(shape)) return isJsonObject(value) ? unknownMembers(value, shape, path) : [];
  if (!Array.isArray(value)) return [];
  return value.flatMap((element, index) => unknownWithin(element, shape[0], `${path}[${index}]`));
}

function isList(shape: Shape | readonly [Shape]): shape is readonly [Shape] {
  return Array.isArray(shape);
}
