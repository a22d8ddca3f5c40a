import { parse, stringify } from 'yaml';

/** What every `for:` becomes, except where there is none: long enough that a few odd scrapes are no alert. */
const QUICK_WAIT = '4s';
/** What every range window becomes: ten scrapes. */
const QUICK_WINDOW = '10s';

/** A rule of deploy/prometheus/tagtrail-alerts.yml. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly AlertRule[] }[];
}

export function readRules(text: string): readonly AlertRule[] {
  const file: RuleFile = parse(text);
  return file.groups.flatMap(({ rules }) => rules);
}

/**
 * The rules, made quick enough to be provoked in a test: each `for:` and each range window is shortened. Thresholds,
 * metrics, labels and everything else stay what they are.
 */
export function quickRules(text: string): string {
  const file: RuleFile = parse(text);
  const groups = file.groups.map(({ rules, ...group }) => ({
    ...group,
    rules: rules.map((rule) => ({
      ...rule,
      expr: rule.expr.replace(/\[\d+[smhd]\]/g, `[${QUICK_WINDOW}]`),
      ...(rule.for !== undefined && { for: QUICK_WAIT }),
    })),
  }));
  return stringify({ groups });
}
