import type { LabelRequirement, LabelSelector } from './label-selector.ts';
import { labelValueProblems } from './label-value.ts';
import { qualifiedNameProblems } from './qualified-name.ts';
import { SELECTOR_LIMIT, SELECTOR_TOO_LONG } from './selector-limit.ts';

export type ParsedLabelSelector =
  | { readonly ok: true; readonly selector: LabelSelector }
  | { readonly ok: false; readonly message: string };

/*
 * The forms of one trimmed requirement. Words hold neither white space nor symbols, so neighbouring
 * parts of a pattern never compete for a character and matching stays linear.
 */
const EXISTENCE = /^(!?)\s*([^\s!=(),<>]+)$/;
const EQUALITY = /^([^\s!=(),<>]+)\s*(==|=|!=)\s*([^\s!=(),<>]*)$/;
const MEMBERSHIP = /^([^\s!=(),<>]+)\s+(in|notin)\s*\(([^()]*)\)$/;

/**
 * Parses `key`, `!key`, `key=value`, `key==value`, `key!=value`, `key in (a,b)` and
 * `key notin (a,b)`, joined by commas; white space alone selects everything.
 * Source: Kubernetes `labels.Parse`, without its `<` and `>`.
 */
export function parseLabelSelector(text: string): ParsedLabelSelector {
  if (text.length > SELECTOR_LIMIT) return failure(SELECTOR_TOO_LONG);
  if (text.trim() === '') return { ok: true, selector: { requirements: [] } };
  const requirements: LabelRequirement[] = [];
  for (const term of splitTerms(text)) {
    const requirement = parseRequirement(term);
    if (requirement === undefined) return failure(`can't understand ${JSON.stringify(term)}`);
    const problem = requirementProblem(requirement);
    if (problem !== undefined) return failure(problem);
    requirements.push(requirement);
  }
  return { ok: true, selector: { requirements } };
}

/** Cuts at the commas outside parentheses, which don't nest. */
function splitTerms(text: string): readonly string[] {
  const terms: string[] = [];
  let start = 0;
  let insideSet = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '(') insideSet = true;
    if (character === ')') insideSet = false;
    if (character !== ',' || insideSet) continue;
    terms.push(text.slice(start, at).trim());
    start = at + 1;
  }
  return [...terms, text.slice(start).trim()];
}

function parseRequirement(term: string): LabelRequirement | undefined {
  return parseExistence(term) ?? parseEquality(term) ?? parseMembership(term);
}

function parseExistence(term: string): LabelRequirement | undefined {
  const [, negation, key] = EXISTENCE.exec(term) ?? [];
  if (key === undefined) return undefined;
  return { key, operator: negation === '!' ? 'absent' : 'exists', values: new Set() };
}

function parseEquality(term: string): LabelRequirement | undefined {
  const [, key, operator, value] = EQUALITY.exec(term) ?? [];
  if (key === undefined || value === undefined) return undefined;
  return { key, operator: operator === '!=' ? 'not-in' : 'in', values: new Set([value]) };
}

/** An empty place between commas is the empty value; a set without any place has no values. */
function parseMembership(term: string): LabelRequirement | undefined {
  const [, key, operator, list] = MEMBERSHIP.exec(term) ?? [];
  if (key === undefined || list === undefined) return undefined;
  const values = list.trim() === '' ? [] : list.split(',').map((value) => value.trim());
  return { key, operator: operator === 'in' ? 'in' : 'not-in', values: new Set(values) };
}

function requirementProblem({ key, operator, values }: LabelRequirement): string | undefined {
  const [keyProblem] = qualifiedNameProblems(key);
  if (keyProblem !== undefined) return invalidValue(key, keyProblem);
  const needsValues = operator === 'in' || operator === 'not-in';
  if (needsValues && values.size === 0) {
    return "for 'in', 'notin' operators, values set can't be empty";
  }
  for (const value of values) {
    const [problem] = labelValueProblems(value);
    if (problem !== undefined) return invalidValue(value, problem);
  }
  return undefined;
}

function invalidValue(value: string, problem: string): string {
  return `Invalid value: ${JSON.stringify(value)}: ${problem}`;
}

function failure(detail: string): ParsedLabelSelector {
  return { ok: false, message: `unable to parse requirement: ${detail}` };
}
