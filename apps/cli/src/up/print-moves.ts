import type { ImageStreams } from '@tagtrail/api-client';
import { createBackoff, delay } from '@tagtrail/lifecycle';
import { errorMessage } from '../cli-error.ts';
import type { Output } from '../terminal/output.ts';
import { followMoves } from '../trail/follow-moves.ts';
import { moveLine, pushRemark } from '../trail/move-line.ts';
import type { TagMove } from '../trail/tag-move.ts';
import type { PushLedger } from './push-ledger.ts';

const RETRY_BACKOFF = { first: 1_000, max: 15_000 };

export interface MovePrinterOptions {
  readonly streams: ImageStreams;
  readonly ledger: PushLedger | undefined;
  readonly output: Output;
  readonly format: 'json' | undefined;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** ms since the epoch: when the service started; what moved while it came up is printed too. */
  readonly since: number;
  /** Called, once, when every later move will be printed. */
  readonly onStart: () => void;
}

/** Prints a line for every move of any stream until the signal aborts, whatever becomes of the API meanwhile. */
export async function printMoves(options: MovePrinterOptions): Promise<void> {
  const { streams, output, say, signal, since } = options;
  let onStart = (): void => {
    onStart = () => undefined;
    options.onStart();
  };
  const backoff = createBackoff(RETRY_BACKOFF);
  while (!signal.aborted) {
    try {
      for await (const move of followMoves(
        streams,
        {},
        { signal, since, onStart: () => onStart() },
      )) {
        output.line(await describeMove(move, Date.now(), options));
        backoff.reset();
      }
    } catch (error) {
      say(`moves are not shown for the moment: ${errorMessage(error)}`);
      await delay(backoff.next(), signal);
    }
  }
}

async function describeMove(
  move: TagMove,
  seenAt: number,
  { ledger, output, format }: MovePrinterOptions,
): Promise<string> {
  const pushedAt = await ledger?.pushedAt(move.to);
  if (format === 'json') return JSON.stringify({ ...move, seenAt, pushedAt });
  // A first image may have been pushed long before anybody wanted to follow it.
  if (move.from === null) return moveLine(move, '', output);
  const remark = pushedAt === undefined ? `recorded ${move.created}` : pushRemark(pushedAt, seenAt);
  return moveLine(move, remark, output);
}
