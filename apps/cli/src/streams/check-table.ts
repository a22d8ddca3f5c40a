import type { ImageStreamCheck, TagCheck } from '@tagtrail/api-client';
import { ageAgo, timeUntil } from '../terminal/relative-age.ts';
import type { TableColumn } from '../terminal/table.ts';
import { tellFreshness } from './tell-freshness.ts';

/** One tag's check, with the stream it belongs to. */
export interface CheckRow {
  readonly namespace: string;
  readonly name: string;
  readonly check: TagCheck;
}

export function checkRows(checks: readonly ImageStreamCheck[]): readonly CheckRow[] {
  return checks.flatMap(({ metadata, tags }) =>
    tags.map((check) => ({ namespace: metadata.namespace ?? '', name: metadata.name, check })),
  );
}

/** The columns of `get checks`; wide ones say why and where. `now` in ms since the epoch. */
export function checkColumns(o: {
  readonly wide: boolean;
  readonly withNamespace: boolean;
  readonly now: number;
}): readonly TableColumn<CheckRow>[] {
  const wide: readonly TableColumn<CheckRow>[] = [
    { header: 'ATTEMPTS', cell: ({ check }) => String(check.attempts) },
    { header: 'SCHEDULE', cell: ({ check }) => scheduleOf(check) },
    { header: 'HOST', cell: ({ check }) => check.host },
    { header: 'MESSAGE', cell: ({ check }) => check.message },
  ];
  return [
    ...(o.withNamespace ? [{ header: 'NAMESPACE', cell: (row: CheckRow) => row.namespace }] : []),
    { header: 'TAG', cell: ({ name, check }) => `${name}:${check.tag}` },
    { header: 'LAST CHECKED', cell: ({ check }) => ageAgo(check.lastChecked, o.now) || 'never' },
    { header: 'LAST CHANGED', cell: ({ check }) => ageAgo(check.lastChanged, o.now) || 'never' },
    { header: 'NEXT DUE', cell: ({ check }) => nextDue(check, o.now) },
    { header: 'OUTCOME', cell: ({ check }) => check.outcome },
    { header: 'FRESHNESS', cell: ({ check }) => tellFreshness(check.freshness, o.now) },
    ...(o.wide ? wide : []),
  ];
}

function nextDue(check: TagCheck, now: number): string {
  return check.suspended ? 'suspended' : timeUntil(check.nextDue, now) || '-';
}

function scheduleOf({ schedule }: TagCheck): string {
  if (schedule === null) return 'once';
  return schedule === '' ? 'default' : schedule;
}
