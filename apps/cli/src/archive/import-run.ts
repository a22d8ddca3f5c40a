import type { CommandContext } from '../command-context.ts';
import type { ConnectionFlags } from '../connection/connection-settings.ts';
import type { Session } from '../connection/open-session.ts';
import type { CheckedArchive } from './check-archive.ts';
import type { Spool } from './spool.ts';

export interface ImportFlags extends ConnectionFlags {
  readonly filename: string;
  readonly skipExisting?: true;
  readonly replace?: true;
  readonly dryRun?: true;
  readonly output?: 'json';
}

/** An import whose file was checked. */
export interface ImportRun extends CheckedArchive {
  readonly flags: ImportFlags;
  readonly context: CommandContext;
  readonly api: Session['api'];
  readonly spool: Spool;
  readonly signal: AbortSignal;
}
