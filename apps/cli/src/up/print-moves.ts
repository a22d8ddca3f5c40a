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
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** Called, once, when every later move will be printed. */
  readonly onStart: () => void;
}

/** Prints a line for every move of any stream until the signal aborts, whatever becomes of the API meanwhile. */
export async function printMoves(options: MovePrinterOptions): Promise<void> {
  const { streams, ledger, output, say, signal } = options;
  let onStart = (): void => {
    onStart = () => undefined;
    options.onStart();
  };
  const backoff = createBackoff(RETRY_BACKOFF);
  while (!signal.aborted) {
    try {
      for await (const move of followMoves(streams, {}, { signal, onStart: () => onStart() })) {
        const seenAt = Date.now();
        output.line(moveLine(move, await remarkOn(move, seenAt, ledger), output));
        backoff.reset();
      }
    } catch (error) {
      say(`moves are not shown for the moment: ${errorMessage(error)}`);
      await delay(backoff.next(), signal);
    }
  }
}

async function remarkOn(
  move: TagMove,
  seenAt: number,
  ledger: PushLedger | undefined,
): Promise<string> {
  if (move.from === null) return '';
  const pushedAt = await ledger?.pushedAt(move.to);
  return pushedAt === undefined ? `recorded ${move.created}` : pushRemark(pushedAt, seenAt);
}
