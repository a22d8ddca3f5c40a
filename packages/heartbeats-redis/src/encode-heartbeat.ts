import { type Heartbeat, SERVICES } from '@tagtrail/observability';

/** Characters of one entry; ours have some hundred. What is longer is not ours and is not parsed. */
const ENTRY_LIMIT = 8_192;
/** Figures of one process; each kind of service has a handful. */
const FIGURES_LIMIT = 64;

/** An entry of the hash: a beat, and when the server got it, in ms since the epoch of its own clock. */
export interface NotedBeat {
  readonly receivedAt: number;
  readonly heartbeat: Heartbeat;
}

const TEXTS = ['id', 'host', 'version'] as const;
const NUMBERS = ['pid', 'startedAt', 'sentAt', 'memoryBytes', 'cpuShare'] as const;

export function encodeHeartbeat(heartbeat: Heartbeat): string {
  return JSON.stringify(heartbeat);
}

/** Undefined for anything that is no entry of this version: whoever wrote it, it must not hide the others. */
export function decodeEntry(id: string, text: string): NotedBeat | undefined {
  const { receivedAt, heartbeat } = parseObject(text);
  const fields = objectOr(heartbeat);
  if (typeof receivedAt !== 'number' || !isHeartbeat(fields) || fields.id !== id) return undefined;
  return { receivedAt, heartbeat: { ...fields, figures: figuresOf(fields.figures) } };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  if (text.length > ENTRY_LIMIT) return {};
  try {
    return objectOr(JSON.parse(text));
  } catch {
    return {};
  }
}

function objectOr(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isHeartbeat(fields: unknown): fields is Heartbeat {
  const given = fields as Readonly<Record<string, unknown>>;
  return (
    SERVICES.some((service) => service === given['service']) &&
    TEXTS.every((name) => typeof given[name] === 'string') &&
    NUMBERS.every((name) => typeof given[name] === 'number')
  );
}

/** A figure that is no number is left out. */
function figuresOf(value: unknown): Heartbeat['figures'] {
  const given = Object.entries(objectOr(value)).slice(0, FIGURES_LIMIT);
  const numbers = given.filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return Object.fromEntries(numbers);
}
