import { formatAge, type ObjectMeta } from '@tagtrail/apimachinery';
import { plainLines } from '../terminal/plain-text.ts';
import { alignTabs } from './align-tabs.ts';

/** Stands for what is empty. */
export const NONE = '<none>';

/** Go's time that was never set; an absent or unreadable time is shown as its age. */
const ZERO_TIME = Date.parse('0001-01-01T00:00:00Z');

type Texts = Readonly<Record<string, string>>;

/** Lines with their tabs aligned, as one text. Control characters of values from elsewhere become blanks. */
export function describedText(lines: readonly string[]): string {
  return alignTabs(plainLines(lines.map((line) => `${line}\n`).join('')));
}

/** `Label:` and a value; each further line of the value stands below it, behind a tab. */
export function fieldLines(label: string, value: string): readonly string[] {
  const [first = '', ...rest] = (value === '' ? NONE : value).split('\n');
  return [`${label}:\t${first}`, ...rest.map((line) => `\t${line}`)];
}

/** `Label:` and `key=value` lines by key. Only the first value's further lines are indented: so it is in `oc`. */
export function mapLines(label: string, map: Texts | null | undefined): readonly string[] {
  const [first = '', ...rest] = Object.entries(map ?? {})
    .map(([key, value]) => [key, `${key}=${value}`] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, pair]) => pair);
  return [...fieldLines(label, first), ...rest.map((pair) => `\t${pair}`)];
}

/** `Label:` and one value per line, or nothing at all without values. */
export function listLines(label: string, values: readonly string[]): readonly string[] {
  const [first, ...rest] = values;
  if (first === undefined) return [];
  return [...fieldLines(label, first), ...rest.map((value) => `\t${value}`)];
}

/** The head of every object. Source: `oc describe`. */
export function metadataLines(metadata: ObjectMeta, now: number): readonly string[] {
  const { name, namespace = '', creationTimestamp } = metadata;
  return [
    ...fieldLines('Name', name),
    ...(namespace === '' ? [] : fieldLines('Namespace', namespace)),
    ...createdLines(creationTimestamp, now),
    ...mapLines('Labels', metadata.labels),
    ...annotationLines(metadata.annotations),
  ];
}

/** Nothing when the time was never set. */
export function createdLines(time: string | null | undefined, now: number): readonly string[] {
  return isSet(time) ? [`Created:\t${ago(time, now)}`] : [];
}

/** The annotation `description` has a line of its own. */
export function annotationLines(annotations: Texts | null | undefined): readonly string[] {
  const { description = '', ...rest } = annotations ?? {};
  return [
    ...(description === '' ? [] : fieldLines('Description', description)),
    ...mapLines('Annotations', rest),
  ];
}

/** `3 minutes ago`; `time` is RFC 3339, `now` in ms since the epoch. */
export function ago(time: string | null | undefined, now: number): string {
  return `${formatAge(now - timeOf(time))} ago`;
}

function isSet(time: string | null | undefined): boolean {
  return timeOf(time) !== ZERO_TIME;
}

function timeOf(time: string | null | undefined): number {
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? ZERO_TIME : at;
}
