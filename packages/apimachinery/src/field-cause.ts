import type { FieldCause } from './status.ts';

/** Characters of a value that a message repeats: the value is the sender's and may be megabytes. */
const SHOWN_VALUE_LIMIT = 1024;

/*
 * One function per kind of wrong field, worded as Kubernetes' field errors are, so that clients
 * that print or match those messages keep working. Source: apimachinery `util/validation/field`.
 */

/** The field must be there. */
export function fieldRequired(field: string, detail = ''): FieldCause {
  return { reason: 'FieldValueRequired', field, message: withDetail('Required value', detail) };
}

/** The field's value breaks a rule that `detail` states. */
export function fieldInvalid(field: string, value: unknown, detail: string): FieldCause {
  const message = withDetail(`Invalid value: ${show(value)}`, detail);
  return { reason: 'FieldValueInvalid', field, message };
}

/** The value stands in the list twice. */
export function fieldDuplicate(field: string, value: unknown): FieldCause {
  return { reason: 'FieldValueDuplicate', field, message: `Duplicate value: ${show(value)}` };
}

/** The value is not one of `supported`. */
export function fieldNotSupported(
  field: string,
  value: unknown,
  supported: readonly string[],
): FieldCause {
  const choices = `supported values: ${supported.map(show).join(', ')}`;
  const message = withDetail(`Unsupported value: ${show(value)}`, choices);
  return { reason: 'FieldValueNotSupported', field, message };
}

/** The field may not be set, or not be changed. */
export function fieldForbidden(field: string, detail: string): FieldCause {
  return { reason: 'FieldValueForbidden', field, message: withDetail('Forbidden', detail) };
}

/** The value exceeds `bytes` of UTF-8; it is left out of the message for its length. */
export function fieldTooLong(field: string, bytes: number): FieldCause {
  const message = `Too long: may not be more than ${bytes} bytes`;
  return { reason: 'FieldValueTooLong', field, message };
}

/** The value names something that does not exist. */
export function fieldNotFound(field: string, value: unknown): FieldCause {
  return { reason: 'FieldValueNotFound', field, message: `Not found: ${show(value)}` };
}

function withDetail(text: string, detail: string): string {
  return detail === '' ? text : `${text}: ${detail}`;
}

/** JSON reads like Go's quoting for everything that field values hold; undefined has no JSON. */
function show(value: unknown): string {
  const json = JSON.stringify(value) ?? 'null';
  return json.length > SHOWN_VALUE_LIMIT ? `${json.slice(0, SHOWN_VALUE_LIMIT)}…` : json;
}
