import type { CommandContext } from '../command-context.ts';
import type { ConnectionFlags } from '../connection/connection-settings.ts';
import { streamQuery } from '../connection/follow-streams.ts';
import { openSession } from '../connection/open-session.ts';
import { type StopSignals, withStopSignals } from '../stop-signals.ts';
import { followMoves } from './follow-moves.ts';
import { moveLine } from './move-line.ts';

export interface WatchFlags extends ConnectionFlags {
  readonly allNamespaces?: true;
  readonly output?: 'json';
}

/** `watch [STREAM]`: a line for every move from now on, until Ctrl-C. */
export function watchMoves(
  name: string | undefined,
  flags: WatchFlags,
  context: CommandContext,
): Promise<number> {
  return withStopSignals((signals) => printMoves({ name, flags, context, signals }));
}

async function printMoves({
  name,
  flags,
  context,
  signals,
}: {
  readonly name: string | undefined;
  readonly flags: WatchFlags;
  readonly context: CommandContext;
  readonly signals: StopSignals;
}): Promise<number> {
  const { output } = context;
  const session = openSession(flags, context);
  const { streams } = session.api;
  // A name that does not exist would be watched in vain.
  if (name !== undefined) await streams.get({ namespace: session.namespace, name });
  const namespace = flags.allNamespaces === true ? undefined : session.namespace;
  const moves = followMoves(streams, streamQuery(namespace, name), {
    signal: signals.stop,
    onStart: () => {
      if (output.interactive) output.note(`watching ${scopeOf(namespace, name)}; Ctrl-C ends`);
    },
  });
  for await (const move of moves) {
    output.line(
      flags.output === 'json'
        ? JSON.stringify(move)
        : moveLine(move, `recorded ${move.created}`, output),
    );
  }
  return signals.exitCode;
}

function scopeOf(namespace: string | undefined, name: string | undefined): string {
  if (name !== undefined) return `${namespace}/${name}`;
  return namespace === undefined ? 'all namespaces' : `namespace ${namespace}`;
}
