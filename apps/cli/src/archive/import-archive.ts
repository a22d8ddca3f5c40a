import { ApiError } from '@tagtrail/api-client';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import type { ConnectionFlags } from '../connection/connection-settings.ts';
import { openSession, type Session } from '../connection/open-session.ts';
import { withStopSignals } from '../stop-signals.ts';
import { formatStructured } from '../terminal/structured-output.ts';
import { archiveBatches, streamNames } from './archive-batches.ts';
import { type CheckedArchive, checkArchive } from './check-archive.ts';
import { count, describeCounts } from './describe-counts.ts';
import { openSpool, type Spool } from './spool.ts';

/** Names of streams in one message. */
const NAMES_SHOWN = 5;
const GO_ON = 'run it again with --skip-existing to go on where it ended';

export interface ImportFlags extends ConnectionFlags {
  readonly filename: string;
  readonly skipExisting?: true;
  readonly replace?: true;
  readonly dryRun?: true;
  readonly output?: 'json';
}

interface Outcome {
  readonly restored: number;
  readonly existing: readonly string[];
}

interface ImportRun extends CheckedArchive {
  readonly flags: ImportFlags;
  readonly context: CommandContext;
  readonly api: Session['api'];
  readonly spool: Spool;
  readonly signal: AbortSignal;
}

/** `import`: checks the whole file, then what is there, and only then writes, stream by stream. */
export function importArchive(flags: ImportFlags, context: CommandContext): Promise<number> {
  return withStopSignals(async (signals) => {
    const { stop } = signals;
    if (flags.replace && flags.skipExisting) {
      throw new CliError('usage', 'give either --replace or --skip-existing, not both');
    }
    try {
      const spool = await openSpool(flags.filename, context, stop);
      try {
        return await importSpool({ flags, context, spool, signal: stop });
      } finally {
        await spool[Symbol.asyncDispose]();
      }
    } catch (error) {
      if (!stop.aborted) throw error;
      return signals.exitCode;
    }
  });
}

async function importSpool(
  parts: Pick<ImportRun, 'flags' | 'context' | 'spool' | 'signal'>,
): Promise<number> {
  const { flags, context, spool, signal } = parts;
  const { output } = context;
  const { api } = openSession(flags, context);
  output.status(`checking ${spool.name}`);
  const checked = await checkArchive(untilStop(spool.open(), signal), spool.name);
  const run: ImportRun = { ...parts, ...checked, api };
  const existing = await findExisting(run);
  output.status('');
  if (flags.dryRun) return tellDryRun(run, existing);
  if (existing.length > 0 && !flags.replace && !flags.skipExisting) throw refuseExisting(existing);
  return tell(run, await sendAll(run));
}

/** Nobody wants to hear of them when they are to be skipped or replaced anyhow, unless nothing is to be written. */
async function findExisting({ flags, spool, api, signal }: ImportRun): Promise<readonly string[]> {
  if ((flags.replace || flags.skipExisting) && !flags.dryRun) return [];
  const existing: string[] = [];
  for await (const names of streamNames(untilStop(spool.open(), signal))) {
    existing.push(...(await api.archive.existing(names)));
  }
  return existing;
}

function refuseExisting(existing: readonly string[]): CliError {
  const shown = existing.slice(0, NAMES_SHOWN).join(', ');
  const more = existing.length > NAMES_SHOWN ? ` and ${existing.length - NAMES_SHOWN} more` : '';
  const hint =
    'Nothing was imported. --skip-existing leaves them alone, --replace puts the streams of the export in their place.';
  return new CliError('archive', `there already: ${shown}${more}`, { hint });
}

async function sendAll(run: ImportRun): Promise<Outcome> {
  const { flags, context, api, spool, signal, trailer } = run;
  const { sha256: archive, resourceVersion, fence, streams } = trailer;
  await api.archive.begin({ archive, resourceVersion, fence });
  const outcome = { restored: 0, existing: [] as string[] };
  for await (const { entries, firstLine } of archiveBatches(untilStop(spool.open(), signal))) {
    try {
      const existing = flags.replace ? 'replace' : 'keep';
      const answer = await api.archive.import({ archive, existing, entries });
      outcome.restored += answer.restored.length;
      outcome.existing.push(...answer.existing);
    } catch (error) {
      if (outcome.restored > 0) context.output.note(`${tellRestored(run, outcome)}; ${GO_ON}`);
      throw withPlace(error, { name: spool.name, firstLine });
    }
    const done = outcome.restored + outcome.existing.length;
    context.output.status(`imported ${done} of ${streams} streams`);
  }
  context.output.status('');
  return outcome;
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

function tell(run: ImportRun, outcome: Outcome): number {
  const { flags, context, signal } = run;
  const { output } = context;
  if (signal.aborted) {
    output.note(`${tellRestored(run, outcome)}; ${GO_ON}`);
    throw signal.reason;
  }
  const { restored, existing } = outcome;
  if (flags.output === 'json') {
    output.line(formatStructured({ restored, existing: existing.length }, 'json'));
  } else {
    output.line(tellRestored(run, outcome));
  }
  if (existing.length === 0 || flags.skipExisting) return 0;
  output.note(`error: came to be there meanwhile, and left alone: ${existing.join(', ')}`);
  return 1;
}

function tellRestored({ trailer }: ImportRun, { restored, existing }: Outcome): string {
  const left = existing.length > 0 ? `, ${count(existing.length, 'stream')} left as they were` : '';
  return `imported ${restored} of ${count(trailer.streams, 'stream')}${left}`;
}

function tellDryRun({ context, flags, trailer }: ImportRun, existing: readonly string[]): number {
  const { output } = context;
  if (flags.output === 'json') {
    output.line(formatStructured({ streams: trailer.streams, existing: existing.length }, 'json'));
  } else {
    output.line(`${describeCounts(trailer)}, ${existing.length} there already (dry run)`);
  }
  return 0;
}

/** Ends between two chunks when the user wants to stop: what was sent is whole. */
async function* untilStop(
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    yield chunk;
  }
}
