/** One condition on one label. `exists` and `absent` have no values; `in` and `not-in` have one or more. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: 'in' | 'not-in' | 'exists' | 'absent';
  readonly values: ReadonlySet<string>;
}

/** A parsed label selector; opaque outside this package. All requirements must hold; none selects everything. */
export interface LabelSelector {
  readonly requirements: readonly LabelRequirement[];
}

/** Whether an object with these labels is selected. `!=` and `notin` select objects without the label too. */
export function matchesLabels(
  selector: LabelSelector,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  return selector.requirements.every((requirement) => holds(requirement, labels ?? {}));
}

function holds(
  { key, operator, values }: LabelRequirement,
  labels: Readonly<Record<string, string>>,
): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'in':
      return value !== undefined && values.has(value);
    case 'not-in':
      return value === undefined || !values.has(value);
    default:
      return operator satisfies never;
  }
}
