import { JSON_DEPTH_LIMIT } from './limits.ts';

/** Characters of an offending key that a message repeats; the key is the sender's. */
const SHOWN_KEY_LIMIT = 64;
/** Characters by number: reading them as strings takes twice as long. */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;

/**
 * Finds the key that an object gives twice, or nesting beyond JSON_DEPTH_LIMIT, for the message: {@link countMembers}
 * tells sooner that there is one. One pass, which knows strings from structure; memory is the keys of the objects still open.
 */
export function findStructureProblem(text: string): string | undefined {
  const openKeys: Set<string>[] = [];
  let from = 0;
  let to = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        from = at;
        at = closingQuote(text, at);
        to = at + 1;
        break;
      case COLON: {
        const latest = text.slice(from, to);
        if (repeatsKey(openKeys.at(-1), latest)) return repetition(latest);
        break;
      }
      case OPEN_BRACE:
      case OPEN_BRACKET:
        if (openKeys.push(new Set()) > JSON_DEPTH_LIMIT) return 'is nested too deeply';
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        openKeys.pop();
        break;
      default:
    }
  }
  return undefined;
}

/** Index of the quote that ends the string opened at `open`, or the text's length without one. */
function closingQuote(text: string, open: number): number {
  let at = text.indexOf('"', open + 1);
  while (at !== -1 && isEscaped(text, at, open)) at = text.indexOf('"', at + 1);
  return at === -1 ? text.length : at;
}

/** By an odd number of backslashes. */
function isEscaped(text: string, at: number, open: number): boolean {
  let first = at;
  while (first - 1 > open && text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  return (at - first) % 2 === 1;
}

/** A colon outside a string makes the string before it a key. */
function repeatsKey(keys: Set<string> | undefined, literal: string): boolean {
  if (keys === undefined) return false;
  const known = keys.size;
  keys.add(literal.includes('\\') ? unescapeKey(literal) : literal);
  return keys.size === known;
}

function repetition(literal: string): string {
  return `gives the key ${literal.slice(0, SHOWN_KEY_LIMIT)} twice in one object`;
}

/** The same key may be spelled with and without escapes. */
function unescapeKey(literal: string): string {
  try {
    return JSON.stringify(JSON.parse(literal));
  } catch {
    return literal;
  }
}

/** How many members the objects of a JSON text have in all; undefined when it nests beyond JSON_DEPTH_LIMIT. */
export function countMembers(text: string): number | undefined {
  let depth = 0;
  let members = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = closingQuote(text, at);
        break;
      case COLON:
        members += 1;
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        depth += 1;
        if (depth > JSON_DEPTH_LIMIT) return undefined;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth -= 1;
        break;
      default:
    }
  }
  return members;
}

/** The same of a parsed value, which holds a repeated key once. */
export function countFields(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let fields = 0;
  if (Array.isArray(value)) {
    for (const entry of value) fields += countFields(entry);
    return fields;
  }
  for (const key in value) fields += 1 + countFields((value as Record<string, unknown>)[key]);
  return fields;
}
