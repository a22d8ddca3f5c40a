import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import type { ConnectionFlags } from '../connection/connection-settings.ts';
import { openSession, type Session } from '../connection/open-session.ts';
import { errorLines } from '../terminal/error-lines.ts';
import type { WriteFormat } from '../terminal/written-objects.ts';
import { type PlacedManifest, readFileStreams } from './file-streams.ts';
import { type Written, writeEach } from './write-each.ts';

export interface WriteFlags extends ConnectionFlags {
  readonly filename: readonly string[];
  readonly output?: WriteFormat;
  readonly keepGoing?: true;
}

export interface WriteFiles {
  readonly flags: WriteFlags;
  readonly write: (session: Session, manifest: PlacedManifest) => Promise<Written>;
}

const NOTHING_SENT = 'nothing was sent; --keep-going sends what has no mistake in it';

/**
 * Writes the streams of files. A mistake anywhere in them keeps all of them from being sent, unless going on was asked
 * for: then it keeps its own document only. The exit code is 1 in both cases.
 */
export async function writeFiles(
  { flags, write }: WriteFiles,
  context: CommandContext,
): Promise<number> {
  const session = openSession(flags, context);
  const { manifests, problems } = await readFileStreams(
    flags.filename,
    session,
    context.environment,
  );
  if (problems.length > 0) {
    const hint = manifests.length > 0 ? { hint: NOTHING_SENT } : {};
    const error = new CliError('manifest', problems.join('\n'), flags.keepGoing ? {} : hint);
    if (flags.keepGoing !== true) throw error;
    for (const line of errorLines(error)) context.output.note(line);
  }
  const exitCode = await writeEach(
    { manifests, format: flags.output, write: (manifest) => write(session, manifest) },
    context,
  );
  return problems.length > 0 ? 1 : exitCode;
}
