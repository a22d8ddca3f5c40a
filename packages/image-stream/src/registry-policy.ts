import { parseImageReference, resolveReference } from '@tagtrail/image-reference';

/** Which registries images may come from. Entries are `host` or `host:port`, each with `*` and `?`. */
export interface RegistryPolicy {
  /** Those from which images may come; all others may not. Empty: all may. */
  readonly allowed: readonly string[];
  /** Those from which none may come, whatever is allowed; an entry without a port is about all ports. */
  readonly blocked: readonly string[];
}

export const NO_POLICY: RegistryPolicy = { allowed: [], blocked: [] };

/** Entries named in a message. */
const SHOWN_ENTRIES = 4;
const SECURE_PORT = '443';
const PLAIN_PORT = '80';
/**
 * Why nothing may be imported from a source, in OpenShift's words; undefined when it may, or cannot be read. A source
 * without a port is asked at 443, or at 80 when it is insecure; an entry of `allowed` without one means 443.
 */
export function refusalOf(
  policy: RegistryPolicy,
  source: { readonly from: string; readonly insecure: boolean },
): string | undefined {
  if (policy.allowed.length === 0 && policy.blocked.length === 0) return undefined;
  const parsed = parseImageReference(source.from);
  if (!parsed.ok) return undefined;
  const { registry } = resolveReference(parsed.reference);
  const place = placeOf(registry, source.insecure ? PLAIN_PORT : SECURE_PORT);
  const isBlocked = policy.blocked.some((entry) => covers(placeOf(entry, '*'), place));
  if (isBlocked) return `forbidden: registry ${registry} blocked`;
  const { allowed } = policy;
  if (allowed.length === 0) return undefined;
  if (allowed.some((entry) => covers(placeOf(entry, SECURE_PORT), place))) return undefined;
  const name = `"${place.host}:${place.port}"`;
  return `importing images from registry ${name} is forbidden: registry ${name} not allowed by whitelist: ${describe(allowed)}`;
}

/** Whether one of the patterns is about `authority`, which is `host` or `host:port`; without a port, both mean 443. */
export function coversRegistry(patterns: readonly string[], authority: string): boolean {
  const place = placeOf(authority.toLowerCase(), SECURE_PORT);
  return patterns.some((pattern) => covers(placeOf(pattern, SECURE_PORT), place));
}

interface Place {
  readonly host: string;
  readonly port: string;
}

function placeOf(text: string, port: string): Place {
  const colon = text.lastIndexOf(':');
  const hasPort = colon > text.lastIndexOf(']');
  return hasPort
    ? { host: text.slice(0, colon), port: text.slice(colon + 1) }
    : { host: text, port };
}

function covers(entry: Place, place: Place): boolean {
  return matches(entry.host, place.host) && matches(entry.port, place.port);
}

/** `*` stands for any characters, `?` for one. Goes back to the last star only, so it takes length times length at most. */
function matches(pattern: string, text: string): boolean {
  let [at, seen] = [0, 0];
  let [star, mark] = [-1, 0];
  while (seen < text.length) {
    if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[seen])) {
      at += 1;
      seen += 1;
    } else if (pattern[at] === '*') {
      [star, mark] = [at, seen];
      at += 1;
    } else if (star >= 0) {
      mark += 1;
      [at, seen] = [star + 1, mark];
    } else return false;
  }
  return [...pattern.slice(at)].every((rest) => rest === '*');
}

function describe(allowed: readonly string[]): string {
  const shown = allowed.map((entry) => {
    const { host, port } = placeOf(entry, SECURE_PORT);
    return `"${host}:${port}"`;
  });
  if (shown.length <= SHOWN_ENTRIES + 1) return shown.join(', ');
  const more = shown.length - SHOWN_ENTRIES;
  return `${shown.slice(0, SHOWN_ENTRIES).join(', ')}, and ${more} more ...`;
}
