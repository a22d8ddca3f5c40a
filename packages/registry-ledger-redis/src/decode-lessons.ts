import type { HostLessons } from '@tagtrail/registry-ledger';

/** Characters of an entry; ours have some hundred. */
const ENTRY_LIMIT = 4_096;
const TIMES = [
  'headBrokenUntil',
  'headWorksUntil',
  'wantsJsonUntil',
  'closeAfterHeadUntil',
] as const;

/** What can be read of an entry: a lesson that cannot is learned again. */
export function decodeLessons(text: string): HostLessons | undefined {
  const fields = parseObject(text);
  if (fields === undefined) return undefined;
  const times = TIMES.flatMap((name) => {
    const time = fields[name];
    return typeof time === 'number' ? [[name, time] as const] : [];
  });
  const challenge = decodeChallenge(fields['challenge']);
  return { ...Object.fromEntries(times), ...(challenge !== undefined && { challenge }) };
}

function decodeChallenge(value: unknown): HostLessons['challenge'] {
  if (!isObject(value)) return undefined;
  const { scheme, realm, service, until } = value;
  if (typeof until !== 'number') return undefined;
  if (scheme === 'basic') return { scheme, until };
  if (scheme !== 'bearer' || typeof realm !== 'string') return undefined;
  return { scheme, realm, until, ...(typeof service === 'string' && { service }) };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  if (text.length > ENTRY_LIMIT) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // Whoever wrote it: nothing is known.
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
