import type { ImageStreamHistory } from '@tagtrail/api-client';
import type { TagEvent } from '@tagtrail/image-stream';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import type { ConnectionFlags } from '../connection/connection-settings.ts';
import { openSession, type Session } from '../connection/open-session.ts';
import { findStream } from '../streams/find-stream.ts';
import { isNotFound, noStream } from '../streams/no-stream.ts';
import { parseStreamTag, type StreamTag } from '../streams/resource.ts';
import { ageAgo } from '../terminal/relative-age.ts';
import { formatStructured } from '../terminal/structured-output.ts';
import { type TableColumn, tableLines } from '../terminal/table.ts';
import { shortDigest } from './move-line.ts';

/** Events asked for at once. */
const PAGE = 500;
/** Hex digits of a digest in the table: as many as Docker shows. */
const DIGEST_DIGITS = 12;

export interface HistoryFlags extends ConnectionFlags {
  readonly limit: number;
  readonly output?: 'wide' | 'json' | 'yaml';
}

/** `history STREAM:TAG`: newest first. A tag without an image yet is no error. */
export async function showHistory(
  text: string,
  flags: HistoryFlags,
  context: CommandContext,
): Promise<number> {
  const tag = parseStreamTag(text);
  const session = openSession(flags, context);
  const history = await readHistory(session, tag, flags.limit).catch(async (error: unknown) => {
    throw isNotFound(error) ? await whatIsMissing(session, tag) : error;
  });
  const { output } = context;
  if (flags.output === 'json' || flags.output === 'yaml') {
    output.line(formatStructured(history, flags.output));
  } else if (history.items.length === 0) {
    output.note(`No history found for ${tag.name}:${tag.tag} in ${session.namespace} namespace.`);
  } else {
    const columns = historyColumns(flags.output === 'wide', Date.now());
    const room = flags.output === 'wide' ? undefined : output.columns;
    for (const line of tableLines(columns, history.items, room)) output.line(line);
  }
  return 0;
}

/** As one document, however many pages it came in. */
async function readHistory(
  { api, namespace }: Session,
  { name, tag }: StreamTag,
  limit: number,
): Promise<ImageStreamHistory> {
  const key = { namespace, name, tag };
  let page = await api.history.list(key, { limit: Math.min(limit, PAGE) });
  const items = [...page.items];
  while (page.metadata.continue !== undefined && items.length < limit) {
    const size = Math.min(limit - items.length, PAGE);
    page = await api.history.list(key, { limit: size, continue: page.metadata.continue });
    items.push(...page.items);
  }
  return { ...page, items: items.slice(0, limit) };
}

/** The API says only that there is no such history. */
async function whatIsMissing(
  { api, namespace }: Session,
  { name, tag }: StreamTag,
): Promise<CliError> {
  const key = { namespace, name };
  if ((await findStream(api.streams, key)) === undefined) return noStream(key);
  return new CliError('usage', `image stream ${name} in namespace ${namespace} has no tag ${tag}`);
}

export function historyColumns(wide: boolean, now: number): readonly TableColumn<TagEvent>[] {
  return [
    { header: 'AGE', cell: ({ created }) => ageAgo(created, now) },
    { header: 'CREATED', cell: ({ created }) => created },
    {
      header: 'DIGEST',
      cell: ({ image }) => (wide ? image : shortDigest(image, DIGEST_DIGITS)) || '-',
    },
    {
      header: 'REFERENCE',
      cell: ({ dockerImageReference: pinned }) => (wide ? pinned : withoutDigest(pinned)),
    },
  ];
}

/** The digest has a column of its own. */
function withoutDigest(reference: string): string {
  return reference.split('@', 1)[0] ?? '';
}
