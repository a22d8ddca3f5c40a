import type { FieldCause } from '@tagtrail/apimachinery';
import { pullSpecAdvice } from '../streams/pull-spec-advice.ts';
import type { Manifest } from './parse-manifests.ts';

/** What to do about a wrong value, by the words that the model says it with. */
const ADVICE: readonly (readonly [
  ending: string,
  advice: (source: string | undefined) => string,
])[] = [
  ['must be a string', (source) => (source === undefined ? '' : `; put it in quotes: "${source}"`)],
  ['must be true or false', () => ', without quotes'],
  ['must be a whole number', () => ', without quotes'],
  ['must be a list', () => '; begin each of its entries with "- "'],
  ['must be an object', () => '; write its fields below it, indented'],
  ['invalid reference format', pullSpecAdvice],
  ['may not contain a tag', () => '; leave it out, tags stand in spec.tags'],
  ['may not contain an ID', () => '; leave it out, tags stand in spec.tags'],
  ['scheduled for background import', () => '; leave it out'],
];

/** What to do about a mistake, to be appended to what it is; empty where that says it already. Its field is that of the file. */
export function adviceFor({ field, message }: FieldCause, { sourceOf }: Manifest): string {
  const [, advice] = ADVICE.find(([ending]) => message.endsWith(ending)) ?? [];
  return advice?.(sourceOf(field)) ?? '';
}
