import { type ApiClient, ApiError, type Overview } from '@tagtrail/api-client';
import { delay } from '@tagtrail/lifecycle';
import type { CommandContext } from '../command-context.ts';
import { mayMoveCursor } from '../config.ts';
import { type StopSignals, withStopSignals } from '../stop-signals.ts';
import { formatStructured, type StructuredFormat } from '../terminal/structured-output.ts';
import { statusLines } from './status-lines.ts';

/** ms between looks; the API has nothing newer any sooner. */
const INTERVAL = 1_000;

/** Terminal control. Source: ECMA-48: cursor to the top left, erase to the end of the line, of the screen. */
const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
const CLEAR_ALL = `${HOME}\u001b[2J`;

export interface StatusWatch {
  readonly api: Pick<ApiClient, 'overview'>;
  readonly format: StructuredFormat | undefined;
  /** ms between looks; only tests wait less. */
  readonly interval?: number;
}

/** Shows the status each second until a signal. An API that goes away is waited for; one that never answered is an error. */
export function watchStatus(watch: StatusWatch, context: CommandContext): Promise<number> {
  return withStopSignals((signals) => showUntil(signals, watch, context));
}

/** As `watchStatus`, until these signals. */
export async function showUntil(
  signals: Pick<StopSignals, 'stop' | 'exitCode'>,
  { api, format, interval = INTERVAL }: StatusWatch,
  context: CommandContext,
): Promise<number> {
  const { stop } = signals;
  const show = screenOf(context, format);
  let answered = false;
  while (!stop.aborted) {
    try {
      show(await api.overview({ signal: stop }));
      answered = true;
    } catch (error) {
      if (stop.aborted) break;
      if (!answered || !(error instanceof ApiError && error.retryable)) throw error;
      context.output.note(`note: ${error.message}; trying again`);
    }
    await delay(interval, stop);
  }
  return signals.exitCode;
}

/** Draws over what was drawn before where that can be done; elsewhere one block or document follows the other. */
function screenOf(
  { output, environment }: CommandContext,
  format: StructuredFormat | undefined,
): (overview: Overview) => void {
  if (format === 'json') return (overview) => output.line(JSON.stringify(overview));
  if (format === 'yaml')
    return (overview) => output.line(`---\n${formatStructured(overview, format)}`);
  const blocks = (overview: Overview) =>
    output.line(`${statusLines(overview, output).join('\n')}\n`);
  if (output.columns === undefined || !mayMoveCursor(environment.variables)) return blocks;
  let isFirst = true;
  return (overview) => {
    const lines = statusLines(overview, output).map((line) => `${line}${CLEAR_LINE}`);
    output.line(`${isFirst ? CLEAR_ALL : HOME}${lines.join('\n')}${CLEAR_BELOW}`);
    isFirst = false;
  };
}
