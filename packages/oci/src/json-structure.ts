import { JSON_DEPTH_LIMIT } from './limits.ts';

/** Characters of an offending key that a message repeats; the key is the sender's. */
const SHOWN_KEY_LIMIT = 64;

/**
 * Finds what makes two parsers read the same text differently, or overflow: nesting beyond
 * JSON_DEPTH_LIMIT, and keys given twice in one object (Go merges their values, JavaScript keeps
 * the last). Returns the problem, or undefined; whether the text is JSON is the parser's business.
 * One pass, which knows strings from structure; memory is the keys of the objects still open.
 */
export function findStructureProblem(text: string): string | undefined {
  const openKeys: Set<string>[] = [];
  let latestString = '';
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case '"': {
        const end = closingQuote(text, at);
        latestString = text.slice(at, end + 1);
        at = end;
        break;
      }
      case ':':
        if (repeatsKey(openKeys.at(-1), latestString)) return repetition(latestString);
        break;
      case '{':
      case '[':
        if (openKeys.push(new Set()) > JSON_DEPTH_LIMIT) return 'is nested too deeply';
        break;
      case '}':
      case ']':
        openKeys.pop();
        break;
      default:
    }
  }
  return undefined;
}

/** Index of the quote that ends the string opened at `open`, or the text's length without one. */
function closingQuote(text: string, open: number): number {
  let at = open + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at, text.length);
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
    // Not a JSON string, so the whole text is no JSON and the parser will say so.
    return literal;
  }
}
