import { isFields } from './json-guards.ts';
import { JsonObject } from './json-object.ts';
import { countFields, countMembers, findStructureProblem } from './json-structure.ts';
import { ProblemLog } from './problem-log.ts';

export type ParsedDocument =
  | { readonly ok: true; readonly body: JsonObject; readonly problems: ProblemLog }
  | { readonly ok: false; readonly message: string };

/**
 * Parses the JSON object that a manifest or a config is. Size and structure are checked before
 * parsing; the reader of the bytes has its own limit, this one counts characters, which are never more.
 */
export function parseDocument(text: string, limit: number): ParsedDocument {
  if (text.length > limit) return { ok: false, message: `is larger than ${limit} bytes` };
  const members = countMembers(text);
  if (members === undefined) return { ok: false, message: 'is nested too deeply' };
  const value = parseJson(text);
  if (!isFields(value)) return { ok: false, message: 'is not a JSON object' };
  if (countFields(value) !== members)
    return { ok: false, message: findStructureProblem(text) ?? 'repeats a key' };
  const problems = new ProblemLog();
  return { ok: true, body: new JsonObject(value, problems), problems };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the sender's text; that it isn't JSON says enough.
    return undefined;
  }
}
