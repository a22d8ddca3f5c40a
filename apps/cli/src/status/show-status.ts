import type { ApiClient, Overview } from '@tagtrail/api-client';
import type { CommandContext } from '../command-context.ts';
import type { ConnectionFlags } from '../connection/connection-settings.ts';
import { openSession } from '../connection/open-session.ts';
import { formatStructured, type StructuredFormat } from '../terminal/structured-output.ts';
import { statusLines } from './status-lines.ts';
import { watchStatus } from './watch-status.ts';

/** Exit code of a service that was asked and is not well; 1 means that it could not be asked. */
const UNWELL = 3;

export interface StatusFlags extends ConnectionFlags {
  readonly output?: StructuredFormat;
  readonly watch?: true;
}

/** `status`: how the service is, once or, with `--watch`, each second until Ctrl-C. */
export async function showStatus(flags: StatusFlags, context: CommandContext): Promise<number> {
  const { api } = openSession(flags, context);
  if (flags.watch === true) return watchStatus({ api, format: flags.output }, context);
  return showOnce(api, flags, context);
}

async function showOnce(
  api: ApiClient,
  flags: StatusFlags,
  { output }: CommandContext,
): Promise<number> {
  const overview = await api.overview();
  if (flags.output !== undefined) output.line(formatStructured(overview, flags.output));
  else output.line(statusLines(overview, output).join('\n'));
  return exitCodeOf(overview);
}

function exitCodeOf(overview: Overview): number {
  return overview.problems.length === 0 ? 0 : UNWELL;
}
