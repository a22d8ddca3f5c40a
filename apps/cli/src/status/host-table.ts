import type { Overview } from '@tagtrail/api-client';
import type { TableColumn } from '../terminal/table.ts';

/** Hosts shown: with the rest of the status they fit on a screen. */
export const SHOWN_HOSTS = 10;

export type HostRow = Overview['schedule']['hosts'][number];

export const HOST_COLUMNS: readonly TableColumn<HostRow>[] = [
  { header: 'REGISTRY', cell: ({ host }) => host },
  { header: 'TAGS', cell: ({ scheduled }) => String(scheduled) },
  { header: 'DUE', cell: ({ due }) => String(due) },
  { header: 'ON THEIR WAY', cell: ({ leased }) => String(leased) },
];

/** The hosts with most to do, and how many there are besides. */
export function busiestHosts({ schedule }: Overview): {
  readonly shown: readonly HostRow[];
  readonly more: number;
} {
  const load = ({ due, leased }: HostRow) => due + leased;
  const sorted = [...schedule.hosts].sort(
    (a, b) => load(b) - load(a) || b.scheduled - a.scheduled || a.host.localeCompare(b.host),
  );
  return { shown: sorted.slice(0, SHOWN_HOSTS), more: Math.max(0, sorted.length - SHOWN_HOSTS) };
}
