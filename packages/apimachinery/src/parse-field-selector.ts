import type { FieldRequirement, FieldSelector } from './field-selector.ts';
import { SELECTOR_LIMIT, SELECTOR_TOO_LONG } from './selector-limit.ts';

export type ParsedFieldSelector =
  | { readonly ok: true; readonly selector: FieldSelector }
  | { readonly ok: false; readonly message: string };

/** A term reaches to the next comma; a backslash takes its next character along. */
const TERM = /(?:[^\\,]|\\.|\\$)+/gs;
/** The field reaches to the first operator; what follows is the value, still escaped. */
const REQUIREMENT = /^((?:[^\\=!]|\\.|!(?!=))*)(!=|==|=)(.*)$/s;
/** Everything an escaped value may consist of: `\\`, `\,`, `\=`, and neither bare. */
const ESCAPED_VALUE = /^(?:[^\\,=]|\\[\\,=])*$/;

/**
 * Parses `field=value`, `field==value` and `field!=value`, joined by commas, with `\` escaping
 * `\`, `,` and `=` in values. Empty terms count for nothing. Source: Kubernetes `fields.ParseSelector`.
 */
export function parseFieldSelector(text: string): ParsedFieldSelector {
  if (text.length > SELECTOR_LIMIT) return { ok: false, message: SELECTOR_TOO_LONG };
  const requirements: FieldRequirement[] = [];
  for (const [term] of text.matchAll(TERM)) {
    const requirement = parseRequirement(term);
    if (requirement === undefined) {
      return { ok: false, message: `invalid selector: '${text}'; can't understand '${term}'` };
    }
    requirements.push(requirement);
  }
  const fields = [...new Set(requirements.map(({ field }) => field))];
  return { ok: true, selector: { requirements, fields } };
}

function parseRequirement(term: string): FieldRequirement | undefined {
  const [, field, operator, escaped] = REQUIREMENT.exec(term) ?? [];
  if (field === undefined || escaped === undefined || !ESCAPED_VALUE.test(escaped))
    return undefined;
  const value = escaped.replace(/\\([\\,=])/g, '$1');
  return { field, operator: operator === '!=' ? '!=' : '=', value };
}
