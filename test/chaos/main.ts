import { mkdirSync, writeFileSync } from 'node:fs';
import { runChaos } from './conduct/run-chaos.ts';
import { formatReport, reportFigures } from './format-report.ts';
import { parseOptions, USAGE } from './parse-options.ts';

const INTERRUPTED = 130;

async function main(args: readonly string[]): Promise<number> {
  const command = parseOptions(args);
  if (command === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  if ('wrong' in command) {
    process.stderr.write(`${command.wrong}\n\n${USAGE}`);
    return 2;
  }
  const { seed, minutes, json, asJson, logs } = command;
  if (logs !== undefined) mkdirSync(logs, { recursive: true });
  const say = (line: string) => (asJson ? process.stderr : process.stdout).write(`${line}\n`);
  const length = minutes * 60_000;
  say(`chaos with seed ${seed} for ${minutes} min`);
  const started = performance.now();
  const report = await runChaos({
    seed,
    length,
    logs,
    signal: interruption(),
    say: (line) =>
      say(`${((performance.now() - started) / 1000).toFixed(0).padStart(5)} s  ${line}`),
  });
  const figures = `${JSON.stringify(reportFigures(report), null, 2)}\n`;
  if (json !== undefined) writeFileSync(json, figures);
  if (report.aborted) {
    say('ended early: nothing was judged');
    return INTERRUPTED;
  }
  if (asJson) process.stdout.write(figures);
  else for (const line of formatReport(report)) say(line);
  return report.verdicts.some(({ violations }) => violations.length > 0) ? 1 : 0;
}

/** Aborts at the first Ctrl-C or SIGTERM; everything is cleared up then. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}

process.exitCode = await main(process.argv.slice(2));
