import { CommanderError } from 'commander';
import { describeSystemError } from './cli-error.ts';
import { withGoBooleans } from './commands/go-booleans.ts';
import { buildProgram } from './commands/program.ts';
import { type Environment, wantsNoColor } from './config.ts';
import { type OutputStreams, openOutput } from './terminal/output.ts';

/** Runs one command line to its exit code; never throws. */
export async function runCli(
  args: readonly string[],
  environment: Environment,
  streams: OutputStreams,
): Promise<number> {
  const output = openOutput(streams, {
    noColor: wantsNoColor(environment.variables),
    // A pipe that nobody reads any more is no failure: `tagtrail watch | head -1`.
    onReaderGone: () => process.exit(0),
    onWriteFailed: (error) => {
      output.note(`error: cannot write the answer: ${describeSystemError(error)}`);
      process.exit(1);
    },
  });
  const { program, outcome } = buildProgram({ output, environment });
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(withGoBooleans(program, args), { from: 'user' });
    return outcome.exitCode;
  } catch (error) {
    // commander has said what was wrong; help and version end with 0.
    if (error instanceof CommanderError) return error.exitCode;
    const { errorLines } = await import('./terminal/error-lines.ts');
    for (const line of errorLines(error)) output.note(line);
    return 1;
  }
}
