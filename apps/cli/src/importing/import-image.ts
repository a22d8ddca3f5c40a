import type { ImageStreamImport } from '@tagtrail/api-client';
import type { ImageStream } from '@tagtrail/image-stream';
import { createBackoff } from '@tagtrail/lifecycle';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import type { ConnectionFlags } from '../connection/connection-settings.ts';
import { openSession, type Session } from '../connection/open-session.ts';
import { retryConflicts } from '../connection/refusals.ts';
import { type StopSignals, withStopSignals } from '../stop-signals.ts';
import { findStream } from '../streams/find-stream.ts';
import { STREAM_RESOURCE } from '../streams/resource.ts';
import { formatStructured } from '../terminal/structured-output.ts';
import type { WriteFormat } from '../terminal/written-objects.ts';
import { explainFailure, explainReadFailure, unfinishedImport } from './import-failure.ts';
import { importNotes } from './import-notes.ts';
import { progressText, showProgress } from './import-progress.ts';
import { reportImport } from './import-report.ts';
import { type ImportDraft, importRequest } from './import-request.ts';
import { type ImportWish, readImportWish, type WishFlags } from './import-wish.ts';
import { planImport } from './plan-import.ts';
import { parseRequestTimeout } from './request-timeout.ts';

export interface ImportFlags extends ConnectionFlags, WishFlags {
  readonly output?: WriteFormat;
  readonly requestTimeout: string;
}

/** Times that the stream may change between being read and the import: many clients may import into it at once. */
const CONFLICT_ATTEMPTS = 12;
/** ms, jittered: an import in between takes about as long. */
const CONFLICT_WAIT = { first: 50, max: 2_000 };

/** `import-image STREAM[:TAG]`: imports, waits for the outcome and tells it. */
export function importImage(
  text: string,
  flags: ImportFlags,
  context: CommandContext,
): Promise<number> {
  const wish = readImportWish(text, flags);
  const timeout = parseRequestTimeout(flags.requestTimeout);
  const session = openSession(flags, context);
  return withStopSignals(async (signals) => {
    const importing = { wish, flags, timeout, session, signals, context };
    try {
      const { answer, draft } = await importNow(importing);
      for (const note of importNotes(draft, flags.output !== undefined)) context.output.note(note);
      return tellOutcome(answer, importing);
    } catch (error) {
      // Leaving is no failure: the connection is closed, and with it the request is gone.
      if (signals.stop.aborted) return signals.exitCode;
      throw error;
    }
  });
}

interface Importing {
  readonly wish: ImportWish;
  readonly flags: ImportFlags;
  /** ms for each request; undefined for no limit of its own. */
  readonly timeout: number | undefined;
  readonly session: Session;
  readonly signals: StopSignals;
  readonly context: CommandContext;
}

interface Imported {
  readonly answer: ImageStreamImport;
  /** What was sent, as it was decided last. */
  readonly draft: ImportDraft;
}

/** Reads the stream, decides, imports; begins anew when the stream changed meanwhile. Throws ApiError, or CliError `usage`. */
function importNow(importing: Importing): Promise<Imported> {
  const { session, wish, timeout, signals } = importing;
  const { namespace, api } = session;
  const backoff = createBackoff(CONFLICT_WAIT);
  const options = { signal: signals.stop, ...(timeout !== undefined && { timeout }) };
  return retryConflicts(
    async () => {
      const key = { namespace, name: wish.name };
      const stream = await findStream(api.streams, key, options).catch((error: unknown) => {
        throw explainReadFailure(error, timeout);
      });
      const draft = draftImport(importing, stream);
      return { answer: await sendImport(draft, importing, options), draft };
    },
    { attempts: CONFLICT_ATTEMPTS, wait: () => backoff.next(), signal: signals.stop },
  );
}

function draftImport({ wish, session }: Importing, stream: ImageStream | undefined): ImportDraft {
  const plan = planImport(wish, stream);
  if (plan.kind === 'refused') throw new CliError('usage', plan.message);
  return { wish, plan, namespace: session.namespace, stream };
}

async function sendImport(
  draft: ImportDraft,
  { session, flags, timeout, context, signals }: Importing,
  options: { readonly signal: AbortSignal; readonly timeout?: number },
): Promise<ImageStreamImport> {
  const send = () => session.api.imageStreamImports.create(importRequest(draft), options);
  try {
    if (flags.output !== undefined) return await send();
    return await showProgress(context.output, progressText(draft), send);
  } catch (error) {
    // The API goes on with what it was asked for, though nobody waits.
    if (signals.stop.aborted && !draft.wish.dryRun) {
      context.output.note(`note: ${unfinishedImport(draft)}`);
    }
    throw explainFailure(error, draft, timeout);
  }
}

function tellOutcome(answer: ImageStreamImport, { wish, flags, context }: Importing): number {
  const { output } = context;
  const report = reportImport(answer, { dryRun: wish.dryRun, now: Date.now() });
  for (const line of report.errors) output.note(line);
  output.line(formatAnswer(answer, flags.output) ?? report.text);
  if (report.hasFailed) output.note('error: imported completed with errors');
  return report.hasFailed ? 1 : 0;
}

function formatAnswer(
  answer: ImageStreamImport,
  format: WriteFormat | undefined,
): string | undefined {
  if (format === undefined) return undefined;
  if (format === 'name') return `${STREAM_RESOURCE}/${answer.metadata.name}`;
  return formatStructured(answer, format);
}
