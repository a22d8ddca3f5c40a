import type { CommandContext } from '../command-context.ts';
import type { ConnectionFlags } from '../connection/connection-settings.ts';
import { openSession } from '../connection/open-session.ts';
import { humanSize } from '../describe/human-size.ts';
import { formatStructured, type StructuredFormat } from '../terminal/structured-output.ts';
import { tableLines } from '../terminal/table.ts';
import {
  askRegistry,
  type CollectionReport,
  registryUrl,
  type StorageReport,
} from './registry-storage.ts';

export interface StorageFlags extends ConnectionFlags {
  readonly registry?: string;
  readonly output?: StructuredFormat;
}

export interface CollectFlags extends StorageFlags {
  readonly dryRun?: true;
}

/** `storage`: how full the registry's copies are, and what they were good for. */
export async function showStorage(flags: StorageFlags, context: CommandContext): Promise<number> {
  const report = (await ask(flags, context, {
    path: '/tagtrail/v1/storage',
    method: 'GET',
  })) as StorageReport;
  const { output } = context;
  if (flags.output !== undefined) {
    output.line(formatStructured(report, flags.output));
    return 0;
  }
  for (const line of tableLines(COLUMNS, rowsOf(report), output.columns)) output.line(line);
  return 0;
}

/** `storage collect`: takes away copies that no stream refers to, or tells which. */
export async function collectStorage(
  flags: CollectFlags,
  context: CommandContext,
): Promise<number> {
  const dryRun = flags.dryRun === true;
  const path = `/tagtrail/v1/storage/collect${dryRun ? '?dryRun=true' : ''}`;
  const report = (await ask(flags, context, { path, method: 'POST' })) as CollectionReport;
  const { output } = context;
  if (flags.output !== undefined) {
    output.line(formatStructured(report, flags.output));
    return 0;
  }
  const what = `${report.blobs} ${report.blobs === 1 ? 'copy' : 'copies'}, ${humanSize(report.bytes)}`;
  output.line(dryRun ? `would take away ${what}` : `took away ${what}`);
  for (const digest of report.digests) output.line(`  ${digest}`);
  if (report.digests.length < report.blobs)
    output.line(`  and ${report.blobs - report.digests.length} more`);
  return 0;
}

async function ask(
  flags: StorageFlags,
  context: CommandContext,
  request: { readonly path: string; readonly method: 'GET' | 'POST' },
): Promise<unknown> {
  const { api, token } = openSession(flags, context);
  return askRegistry(await registryUrl(flags.registry, api), { ...request, token });
}

interface StorageRow {
  readonly what: string;
  readonly count: string;
  readonly size: string;
}

const COLUMNS = [
  { header: 'WHAT', cell: (row: StorageRow) => row.what },
  { header: 'COUNT', cell: (row: StorageRow) => row.count },
  { header: 'SIZE', cell: (row: StorageRow) => row.size },
];

function rowsOf(report: StorageReport): readonly StorageRow[] {
  const { served, hitRate } = report;
  const row = (what: string, count: number | string, bytes?: number) => ({
    what,
    count: String(count),
    size: bytes === undefined ? '-' : humanSize(bytes),
  });
  const full = report.quota === 0 ? 0 : Math.round((report.bytes / report.quota) * 100);
  return [
    row('copies', report.blobs, report.bytes),
    row('quota', `${full} %`, report.quota),
    row('served from records', served.record.count, served.record.bytes),
    row('served from copies', served.copy.count, served.copy.bytes),
    row('served from upstream', served.upstream.count, served.upstream.bytes),
    row('without upstream', hitRate === null ? '-' : `${Math.round(hitRate * 100)} %`),
    row('last known good', report.lastKnownGood),
    row('downloads', report.downloads, report.downloadedBytes),
    row('saved', '-', report.bytesSaved),
  ];
}
