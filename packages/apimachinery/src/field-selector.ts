/** One condition on one field. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** A parsed field selector; all requirements must hold, none selects everything. */
export interface FieldSelector {
  readonly requirements: readonly FieldRequirement[];
  /** Names the selector uses, once each; which of them exist is for the resource to say. */
  readonly fields: readonly string[];
}

/** Whether an object with these field values is selected; a field without a value counts as empty. */
export function matchesFields(
  selector: FieldSelector,
  fields: Readonly<Record<string, string>>,
): boolean {
  return selector.requirements.every(({ field, operator, value }) => {
    const actual = Object.hasOwn(fields, field) ? fields[field] : '';
    return (actual === value) === (operator === '=');
  });
}
