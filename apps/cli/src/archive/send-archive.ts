import { ApiError } from '@tagtrail/api-client';
import { CliError } from '../cli-error.ts';
import { archiveBatches } from './archive-batches.ts';
import { count } from './describe-counts.ts';
import type { ImportFlags, ImportRun } from './import-run.ts';

/** What became of the streams that were sent. */
export interface Outcome {
  readonly restored: number;
  /** `namespace/name` of those that were there and stayed. */
  readonly existing: readonly string[];
}

/** Sends a checked archive. However it is cut short, the user is told how far it came and how to go on. */
export async function sendArchive(run: ImportRun): Promise<Outcome> {
  const { api, context, flags, signal, trailer } = run;
  const { sha256: archive, resourceVersion, fence } = trailer;
  await api.archive.begin({ archive, resourceVersion, fence });
  const outcome = { restored: 0, existing: [] as string[] };
  try {
    await sendBatches(run, outcome);
  } catch (error) {
    if (signal.aborted || outcome.restored > 0) {
      context.output.note(`${describeOutcome(run, outcome)}; ${adviceToGoOn(flags)}`);
    }
    throw error;
  }
  context.output.status('');
  return outcome;
}

/** In place of those that are there, each stream is put once more. */
export function adviceToGoOn({ replace }: ImportFlags): string {
  return replace
    ? 'run it again with --replace: it begins anew'
    : 'run it again with --skip-existing to go on where it ended';
}

export function describeOutcome({ trailer }: ImportRun, { restored, existing }: Outcome): string {
  const left = existing.length > 0 ? `, ${count(existing.length, 'stream')} left as they were` : '';
  return `imported ${restored} of ${count(trailer.streams, 'stream')}${left}`;
}

/** Ends between two batches when the user wants to stop: what was sent is whole. */
async function sendBatches(
  { flags, context, api, spool, signal, trailer }: ImportRun,
  outcome: { restored: number; existing: string[] },
): Promise<void> {
  const { sha256: archive, streams } = trailer;
  const existing = flags.replace ? 'replace' : 'keep';
  for await (const { entries, firstLine } of archiveBatches(spool.open())) {
    signal.throwIfAborted();
    try {
      const answer = await api.archive.import({ archive, existing, entries });
      outcome.restored += answer.restored.length;
      outcome.existing.push(...answer.existing);
    } catch (error) {
      throw withPlace(error, { name: spool.name, firstLine });
    }
    const done = outcome.restored + outcome.existing.length;
    context.output.status(`imported ${done} of ${streams} streams`);
  }
}

/** The server counts the entries of a batch; people count lines. */
function withPlace(
  error: unknown,
  { name, firstLine }: { readonly name: string; readonly firstLine: number },
): unknown {
  const found = error instanceof ApiError ? /^entry (\d+): (.*)$/s.exec(error.message) : null;
  if (found === null) return error;
  const [, index, problem] = found;
  return new CliError('archive', `${name}, line ${firstLine + Number(index)}: ${problem}`);
}
