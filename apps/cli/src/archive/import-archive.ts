import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import { openSession } from '../connection/open-session.ts';
import { withStopSignals } from '../stop-signals.ts';
import { formatStructured } from '../terminal/structured-output.ts';
import { streamNames } from './archive-batches.ts';
import { checkArchive } from './check-archive.ts';
import { count, describeCounts } from './describe-counts.ts';
import type { ImportFlags, ImportRun } from './import-run.ts';
import { adviceToGoOn, describeOutcome, type Outcome, sendArchive } from './send-archive.ts';
import { openSpool } from './spool.ts';

/** Names of streams in one message. */
const NAMES_SHOWN = 5;

/** `import`: checks the whole file, then what is there, and only then writes, stream by stream. */
export function importArchive(flags: ImportFlags, context: CommandContext): Promise<number> {
  return withStopSignals(async (signals) => {
    const { stop } = signals;
    checkFlags(flags);
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

function checkFlags({ replace, skipExisting, namespace }: ImportFlags): void {
  if (replace && skipExisting) {
    throw new CliError('usage', 'give either --replace or --skip-existing, not both');
  }
  if (namespace !== undefined) {
    throw new CliError('usage', 'an import puts back all streams of its file; -n cannot choose', {
      hint: 'Each goes to its own namespace. "tagtrail export -n" makes a file of one namespace.',
    });
  }
}

async function importSpool(
  parts: Pick<ImportRun, 'flags' | 'context' | 'spool' | 'signal'>,
): Promise<number> {
  const { flags, context, spool } = parts;
  const { output } = context;
  const { api } = openSession(flags, context);
  output.status(`checking ${spool.name}`);
  const checked = await checkArchive(spool.open(), spool.name);
  const run: ImportRun = { ...parts, ...checked, api };
  const existing = await findExisting(run);
  output.status('');
  if (existing.length > 0 && !flags.replace && !flags.skipExisting) throw refuseExisting(existing);
  if (flags.dryRun) return tellDryRun(run, existing);
  return tell(run, existing, await sendArchive(run));
}

/** What is to be skipped the server finds by itself. */
async function findExisting({ flags, spool, api }: ImportRun): Promise<readonly string[]> {
  if (flags.skipExisting && !flags.dryRun) return [];
  const existing: string[] = [];
  for await (const names of streamNames(spool.open())) {
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

/** `before` are the streams of the file that were there when the import began. */
function tell(run: ImportRun, before: readonly string[], outcome: Outcome): number {
  const { flags, context } = run;
  const { restored, existing } = outcome;
  const replaced = flags.replace ? before.length : 0;
  if (flags.output === 'json') {
    const told = { restored, replaced, existing: existing.length };
    context.output.line(formatStructured(told, 'json'));
  } else {
    const others = replaced > 0 ? `; ${replaced} were there and were replaced` : '';
    context.output.line(`${describeOutcome(run, outcome)}${others}`);
  }
  const problems = problemsOf(run, outcome);
  for (const problem of problems) context.output.note(`error: ${problem}`);
  return problems.length === 0 ? 0 : 1;
}

function problemsOf({ flags, spool, trailer }: ImportRun, { restored, existing }: Outcome) {
  const problems: string[] = [];
  if (existing.length > 0 && !flags.skipExisting) {
    problems.push(`came to be there meanwhile, and left alone: ${existing.join(', ')}`);
  }
  const told = restored + existing.length;
  if (told !== trailer.streams) {
    const held = `${spool.name} holds ${count(trailer.streams, 'stream')}`;
    problems.push(`${held}, and the server told of ${told}; ${adviceToGoOn(flags)}`);
  }
  return problems;
}

/** A dry run fails where the import would. */
function tellDryRun({ context, flags, trailer }: ImportRun, existing: readonly string[]): number {
  const { output } = context;
  const replaced = flags.replace ? existing.length : 0;
  const skipped = existing.length - replaced;
  if (flags.output === 'json') {
    output.line(formatStructured({ streams: trailer.streams, replaced, skipped }, 'json'));
    return 0;
  }
  const fate = replaced > 0 ? 'would be replaced' : 'would be left as they are';
  const others = existing.length > 0 ? `; ${existing.length} are there and ${fate}` : '';
  output.line(`${describeCounts(trailer)}${others} (dry run)`);
  return 0;
}
