import { IMPORT_JOB_VERSION, type ImportJob } from '@tagtrail/import-contract';

/** A job for `from`, over plain HTTP as the simulator speaks it. */
export function importJob(from: string, fields: Partial<ImportJob> = {}): ImportJob {
  return {
    version: IMPORT_JOB_VERSION,
    key: { namespace: 'demo', name: 'app', uid: 'u', tag: 'latest' },
    generation: 1,
    requestCount: 0,
    reason: 'interval',
    dueAt: 0,
    createdAt: 0,
    from,
    insecure: true,
    importMode: 'Legacy',
    ...fields,
  };
}
