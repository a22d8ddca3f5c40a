import { type Alias, visit, type YAMLParseError } from 'yaml';
import type { PlacedDocument } from './placed-document.ts';

/** Mistakes shown of one document: the first ones often cause the others. */
const SHOWN_PROBLEMS = 5;

/** What is wrong with a document's syntax, a line each. */
export function syntaxProblems(placed: PlacedDocument): readonly string[] {
  const { errors } = placed.document;
  const shown = errors.slice(0, SHOWN_PROBLEMS).map((error) => syntaxProblem(error, placed));
  const hidden = errors.length - shown.length;
  return hidden > 0 ? [...shown, `${placed.place}: ${hidden} more mistakes`] : shown;
}

/** The parser adds the position and a picture of the line to its message; here the position comes first. */
function syntaxProblem(error: YAMLParseError, { lines, text, place }: PlacedDocument): string {
  const [offset] = error.pos;
  const where = `${place}, line ${lines.linePos(offset).line}`;
  if (error.code === 'DUPLICATE_KEY') {
    const [key = ''] = /^(?:"[^"]*"|'[^']*'|[^\s:,]+)/u.exec(text.slice(offset)) ?? [];
    return `${where}: the key ${key} is there twice in one object; keep one of them`;
  }
  const message = error.message.split('\n', 1)[0]?.replace(/ at line \d+, column \d+:?$/u, '');
  return `${where}: ${message}`;
}

/** What is wrong with a document whose syntax is right, but whose aliases cannot be followed. */
export function aliasProblem(
  { document, lines, place }: PlacedDocument,
  message: string,
  limit: number,
): string {
  const aliases: Alias[] = [];
  visit(document, { Alias: (_, alias) => void aliases.push(alias) });
  const [, unknown] = /^Unresolved alias .*: (\S+)$/u.exec(message) ?? [];
  const alias = aliases.find(({ source }) => unknown === undefined || source === unknown);
  const where = `${place}, line ${lines.linePos(alias?.range?.[0] ?? 0).line}`;
  if (unknown !== undefined) {
    return `${where}: *${unknown} stands for nothing; define &${unknown} before it`;
  }
  return `${where}: the aliases stand for more than ${limit} values; write the values out`;
}
