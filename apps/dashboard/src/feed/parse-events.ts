/** One server-sent event. */
export interface ServerEvent {
  readonly type: string;
  readonly text: string;
  /** The last id that the stream named, this event's or an earlier one's; '' before the first. */
  readonly id: string;
}

/** Takes pieces of a stream, cut anywhere, and answers the events that they complete. */
export type EventParser = (piece: string) => readonly ServerEvent[];

/** Characters of one event; a history of 300 s takes about 60,000. */
const MAX_EVENT = 4_000_000;

interface Draft {
  type: string;
  lines: string[];
  id: string;
}

/**
 * Reads `text/event-stream`: fields `event`, `data` and `id`; comments and unknown fields say nothing. Throws RangeError
 * when an event does not end. Source: HTML standard §9.2.6.
 */
export function createEventParser(): EventParser {
  let rest = '';
  const draft: Draft = { type: '', lines: [], id: '' };
  return (piece) => {
    const text = rest + piece;
    // A CR at the end may be the first half of CR LF.
    const end = text.endsWith('\r') ? text.length - 1 : text.length;
    const lines = text.slice(0, end).split(/\r\n|\r|\n/u);
    rest = (lines.pop() ?? '') + text.slice(end);
    const events = lines.flatMap((line) => takeLine(draft, line));
    const held = draft.lines.reduce((sum, line) => sum + line.length, rest.length);
    if (held > MAX_EVENT) throw new RangeError('an event of the API does not end');
    return events;
  };
}

function takeLine(draft: Draft, line: string): readonly ServerEvent[] {
  if (line === '') return dispatch(draft);
  const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/su.exec(line) ?? [];
  if (field === 'event') draft.type = value;
  if (field === 'data') draft.lines.push(value);
  if (field === 'id' && !value.includes('\0')) draft.id = value;
  return [];
}

function dispatch(draft: Draft): readonly ServerEvent[] {
  const { type, lines, id } = draft;
  draft.type = '';
  draft.lines = [];
  return lines.length === 0 ? [] : [{ type: type || 'message', text: lines.join('\n'), id }];
}
