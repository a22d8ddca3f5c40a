/** An entry as Redis answers it: `fields` alternate names and values, null when the entry was trimmed away. */
export interface RawEntry {
  readonly entry: string;
  readonly fields: readonly string[] | null;
  readonly deliveries: number;
}

/** Entries of XREADGROUP on one stream: `[[key, [[id, fields], …]]]`, or null when the wait was in vain. */
export function parseRead(reply: unknown): readonly RawEntry[] {
  const entries = list(list(list(reply)[0])[1]);
  return entries.map((entry) => rawEntry(list(entry), 1));
}

/** Entries of `with_deliveries` in deliveries.lua: `[[id, fields, deliveries], …]`. */
export function parseEntries(reply: unknown): readonly RawEntry[] {
  return list(reply).map((entry) => {
    const [, , deliveries] = list(entry);
    return rawEntry(list(entry), Number(deliveries));
  });
}

/** Answer of claim-stale.lua. */
export function parseClaim(reply: unknown): {
  readonly next: string;
  readonly entries: readonly RawEntry[];
} {
  const [next, entries] = list(reply);
  return { next: String(next), entries: parseEntries(entries) };
}

/** A flat list of names and values, as XINFO answers each of its objects. */
export function parseFields(reply: unknown): ReadonlyMap<string, unknown> {
  const fields = list(reply);
  return new Map(
    fields.flatMap((name, at) => (at % 2 === 0 ? [[String(name), fields[at + 1]] as const] : [])),
  );
}

function rawEntry([id, fields]: readonly unknown[], deliveries: number): RawEntry {
  return {
    entry: String(id),
    fields: Array.isArray(fields) ? fields.map(String) : null,
    deliveries,
  };
}

/** An array as it is, anything else as none. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
