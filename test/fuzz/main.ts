import { writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { FUZZ_USAGE, type FuzzOptions, parseFuzzOptions } from './engine/fuzz-options.ts';
import {
  findingCount,
  findingLines,
  type TargetReport,
  tableHead,
  tableLine,
} from './engine/fuzz-report.ts';
import type { FuzzTarget } from './engine/fuzz-target.ts';
import { measureGrowth } from './engine/measure-growth.ts';
import { ProgressLine } from './engine/progress-line.ts';
import { runCases } from './engine/run-cases.ts';
import { ALL_TARGETS } from './targets/all-targets.ts';

const NAMES = ALL_TARGETS.map(({ name }) => name);

/** `pnpm fuzz`; answers the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const parsed = parseFuzzOptions(args, NAMES);
  if (parsed.kind === 'help') {
    process.stdout.write(`${FUZZ_USAGE}\ntargets: ${NAMES.join(', ')}\n`);
    return 0;
  }
  if (parsed.kind === 'wrong') {
    process.stderr.write(`${parsed.problem}\n\n${FUZZ_USAGE}`);
    return 2;
  }
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const reports = await fuzz(parsed.options, stop.signal);
  if (stop.signal.aborted) return 130;
  return reports.some((report) => findingCount(report) > 0) ? 1 : 0;
}

async function fuzz(options: FuzzOptions, signal: AbortSignal): Promise<readonly TargetReport[]> {
  const chosen = ALL_TARGETS.filter(
    ({ name }) => options.targets.length === 0 || options.targets.includes(name),
  );
  const reports: TargetReport[] = [];
  say(`seed ${options.seed}, Node ${process.version}`);
  say(tableHead(NAMES));
  for (const target of chosen) {
    if (signal.aborted) break;
    const report = await examine(target, options, signal);
    reports.push(report);
    say(tableLine(report, NAMES));
    for (const line of findingLines(report, options.seed)) say(line);
  }
  if (signal.aborted) say('stopped; the figures are those so far');
  if (options.json !== undefined) {
    const figures = { seed: options.seed, node: process.version, reports };
    writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
  }
  return reports;
}

async function examine(
  target: FuzzTarget,
  { runs, seed, growth: isWanted }: FuzzOptions,
  signal: AbortSignal,
): Promise<TargetReport> {
  const line = new ProgressLine(process.stderr);
  const progress = async (run: number) => {
    line.show(`${target.name}: ${run} of ${runs}`);
    await setImmediate();
  };
  const cases = await runCases(target, { runs, seed, signal, progress });
  line.show(`${target.name}: growth`);
  const growth = isWanted && !signal.aborted ? measureGrowth(target, target.limit) : [];
  line.clear();
  return { target: target.name, cases, growth };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = await main(process.argv.slice(2));
