import { type Alias, type Document, isCollection, visit, type YAMLError } from 'yaml';
import { duplicateKeys } from './duplicate-keys.ts';
import type { PlacedDocument } from './placed-document.ts';

/** Mistakes shown of one document: the first ones often cause the others. */
const SHOWN_PROBLEMS = 5;

/** Nodes on the way to a value; twice what a Kubernetes object needs, and what the walks over a document take no time for. */
const MAX_DEPTH = 100;
const TOO_DEEP = 'nested too deeply to be read; an image stream needs six levels';

/** What to do, where the parser's words do not say it. */
const ADVICE: Partial<Record<YAMLError['code'], string>> = {
  BAD_DQ_ESCAPE: '; in double quotes a backslash is written \\\\',
  BAD_INDENT: '; indent it like the lines beside it',
  BAD_SCALAR_START: '; put the value in quotes',
  BLOCK_AS_IMPLICIT_KEY: '; a value with ": " in it needs quotes',
  MULTILINE_IMPLICIT_KEY: '; is there a ":" missing, or a quote?',
  TAB_AS_INDENT: '; use blanks',
};

/** What is wrong, and where: characters from the beginning of the text. */
interface Mistake {
  readonly offset: number;
  readonly what: string;
}

/** What is wrong with a document's syntax, a line each. */
export function syntaxProblems(placed: PlacedDocument): readonly string[] {
  const mistakes = mistakesOf(placed);
  const shown = mistakes
    .slice(0, SHOWN_PROBLEMS)
    .map(({ offset, what }) => `${placeAt(placed, offset)}: ${what}`);
  const hidden = mistakes.length - shown.length;
  return hidden > 0 ? [...shown, `${placed.place}: ${hidden} more mistakes`] : shown;
}

/** In the order in which they matter: a text that cannot be parsed has no keys to compare and no aliases to follow. */
function mistakesOf({ document, text }: PlacedDocument): readonly Mistake[] {
  const { errors, warnings } = document;
  // Where the parser gave up, every other mistake is a consequence.
  const tooDeep = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (tooDeep !== undefined) return [{ offset: tooDeep.pos[0], what: TOO_DEEP }];
  if (errors.length > 0) return errors.map(syntaxMistake);
  const shape = shapeMistake(document);
  if (shape !== undefined) return [shape];
  return [
    ...warnings
      .filter(({ code }) => code === 'TAG_RESOLVE_FAILED')
      .map((one) => unknownTag(one, text)),
    ...duplicateKeys(document).map((offset) => duplicateKey(offset, text)),
    ...endlessAlias(document),
  ];
}

function syntaxMistake({ pos: [offset], code, message }: YAMLError): Mistake {
  return { offset, what: `${message}${ADVICE[code] ?? ''}` };
}

/** The parser warns of tags that it does not know and reads on; what they stand for would be lost. */
function unknownTag({ pos: [offset] }: YAMLError, text: string): Mistake {
  const [tag = ''] = /^![^\s,[\]{}]*/u.exec(text.slice(offset)) ?? [];
  return { offset, what: `the tag ${tag} is not known; leave it out` };
}

function duplicateKey(offset: number, text: string): Mistake {
  const [key = ''] = /^(?:"[^"]*"|'[^']*'|[^\s:,]+)/u.exec(text.slice(offset)) ?? [];
  return { offset, what: `the key ${key} is there twice in one object; keep one of them` };
}

/** An alias within what it stands for makes a value without an end. */
function endlessAlias(document: Document.Parsed): readonly Mistake[] {
  const found: Mistake[] = [];
  visit(document, {
    Alias: (_, { source, range }, path) => {
      if (!path.some((node) => isCollection(node) && node.anchor === source)) return undefined;
      const what = `*${source} stands for what it is itself a part of; write the value out`;
      found.push({ offset: range?.[0] ?? 0, what });
      return visit.BREAK;
    },
  });
  return found;
}

/**
 * What no object has: maps and lists as keys, which YAML allows and takes ages to name, and values far too deep, which
 * every walk over the document would take ages to reach.
 */
function shapeMistake(document: Document.Parsed): Mistake | undefined {
  let found: Mistake | undefined;
  visit(document, {
    Collection: (_, { range }, path) => {
      if (path.length <= MAX_DEPTH) return undefined;
      found = { offset: range?.[0] ?? 0, what: TOO_DEEP };
      return visit.BREAK;
    },
    Pair: (_, { key }) => {
      if (!isCollection(key)) return undefined;
      const what = 'a map or a list cannot be a key; leave out the "?", or put the key in quotes';
      found = { offset: key.range?.[0] ?? 0, what };
      return visit.BREAK;
    },
  });
  return found;
}

/** What is wrong with a document whose syntax is right, but whose aliases cannot be followed. */
export function aliasProblem(placed: PlacedDocument, message: string, limit: number): string {
  const aliases: Alias[] = [];
  visit(placed.document, { Alias: (_, alias) => void aliases.push(alias) });
  const [, unknown] = /^Unresolved alias .*: (\S+)$/u.exec(message) ?? [];
  const alias = aliases.find(({ source }) => unknown === undefined || source === unknown);
  const where = placeAt(placed, alias?.range?.[0]);
  if (unknown !== undefined) {
    return `${where}: *${unknown} stands for nothing; define &${unknown} before it`;
  }
  return `${where}: the aliases stand for more than ${limit} values; write the values out`;
}

function placeAt({ place, lines }: PlacedDocument, offset = 0): string {
  return `${place}, line ${lines.linePos(offset).line}`;
}
