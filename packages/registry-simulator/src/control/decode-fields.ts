import { SimulatorError } from '../simulator-error.ts';
import type { FieldRule } from './field-rule.ts';
import { isObject } from './field-rule.ts';

/** One rule per field of T: a field added to the type without a rule does not compile. */
export type FieldRules<T> = { readonly [Name in keyof T]-?: FieldRule };

/** The shape of an object in a control request. */
export interface ObjectShape<T> {
  readonly rules: FieldRules<T>;
  readonly required?: readonly (keyof T & string)[];
}

/**
 * Checks unknown JSON against a shape. A field without a rule is an error, for a typing slip in a
 * fault would otherwise make a test pass. Throws SimulatorError `InvalidRequest` naming the field.
 */
export function decodeFields<T>(value: unknown, path: string, shape: ObjectShape<T>): T {
  if (!isObject(value)) throw invalid(path, 'an object');
  const rules: Readonly<Record<string, FieldRule>> = shape.rules;
  for (const [name, field] of Object.entries(value)) {
    if (!Object.hasOwn(rules, name)) throw invalid(`${path}.${name}`, 'left out: unknown field');
    const rule = rules[name];
    if (rule && !rule.accepts(field)) throw invalid(`${path}.${name}`, rule.expects);
  }
  const missing = shape.required?.find((name) => value[name] === undefined);
  if (missing !== undefined) throw invalid(`${path}.${missing}`, 'given');
  return value as T;
}

/** An object within an object, by a shape of its own. */
export function objectOf<T>(shape: ObjectShape<T>): FieldRule {
  return {
    expects: `an object with ${Object.keys(shape.rules).join(', ')}`,
    accepts: (value) => fits(value, shape),
  };
}

function fits<T>(value: unknown, shape: ObjectShape<T>): boolean {
  try {
    decodeFields(value, 'field', shape);
    return true;
  } catch (error) {
    if (error instanceof SimulatorError) return false;
    throw error;
  }
}

function invalid(path: string, expects: string): SimulatorError {
  return new SimulatorError('InvalidRequest', `${path}: must be ${expects}`);
}
