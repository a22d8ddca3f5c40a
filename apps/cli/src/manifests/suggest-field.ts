import { IMAGE_STREAM_SHAPE, type Shape } from './image-stream-shape.ts';

/** A field that there is. `parent` and `name` are those of its path: `spec.tags[]`, `from`. */
interface KnownField {
  readonly parent: string;
  readonly name: string;
}

const KNOWN_FIELDS = fieldsOf(IMAGE_STREAM_SHAPE, '');

/**
 * The field that may be meant by an unknown one: one beside it that is spelled almost alike, or one of the same name
 * elsewhere, nearest first. `parent` is the path of the object it stands in, such as `spec.tags[3]`.
 */
export function suggestField(name: string, parent: string): string | undefined {
  const place = parent.replaceAll(/\[\d+\]/gu, '[]');
  const [beside] = KNOWN_FIELDS.filter((field) => field.parent === place)
    .map((field) => ({ field, distance: distanceBetween(name, field.name) }))
    .filter(({ distance }) => distance <= toleranceFor(name))
    .toSorted((a, b) => a.distance - b.distance);
  if (beside !== undefined) return pathOf({ ...beside.field, parent });
  const [elsewhere] = KNOWN_FIELDS.filter((field) => field.name === name).toSorted(
    (a, b) => strangeness(a, place) - strangeness(b, place),
  );
  if (elsewhere === undefined) return undefined;
  const isWithin = place !== '' && isBelow(elsewhere, place);
  return pathOf(
    isWithin ? { ...elsewhere, parent: elsewhere.parent.replace(place, parent) } : elsewhere,
  );
}

function fieldsOf(shape: Shape, parent: string): readonly KnownField[] {
  return Object.entries(shape).flatMap(([name, member]) => {
    const field: KnownField = { parent, name };
    if (member === true) return [field];
    const path = pathOf(field);
    if (Array.isArray(member)) return [field, ...fieldsOf(member[0], `${path}[]`)];
    return [field, ...fieldsOf(member as Shape, path)];
  });
}

function pathOf({ parent, name }: KnownField): string {
  return parent === '' ? name : `${parent}.${name}`;
}

/** Below the same object, without a list in between, is nearest; else the shorter the path, the nearer. */
function strangeness(field: KnownField, place: string): number {
  const isNear = isBelow(field, place) && !field.parent.slice(place.length).includes('[]');
  return (isNear ? 0 : 100) + field.parent.length;
}

function isBelow({ parent }: KnownField, place: string): boolean {
  return parent.startsWith(`${place}.`) || parent.startsWith(`${place}[`);
}

/** Short words differ from others by few letters. */
function toleranceFor(name: string): number {
  return name.length <= 4 ? 1 : 2;
}

/** Letters to change, add or leave out, whatever their case. Source: Levenshtein distance. */
function distanceBetween(one: string, other: string): number {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  if (Math.abs(a.length - b.length) > toleranceFor(one)) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
