import {
  nodesBelow,
  parseTypeScript,
  partsOf,
  type SourceText,
  type SyntaxNode,
} from './syntax.ts';

/** A text that code can print. */
export interface SpokenText {
  /** `apps/cli/src/x.ts:12` */
  readonly place: string;
  /** What stands between its placeholders. */
  readonly parts: readonly string[];
}

/** What makes errors. Its first argument is a code or a field, the second a text. */
const ERROR_MAKER = /Error$|^field[A-Z]/u;
/** What the help of the command line and of metrics is made of. */
const HELP_MAKER = /^(?:addCommand|addHelpText|description|option|Option|summary|usage)$/u;
const HELP_MEMBER = /^(?:summary|details|examples|help)$/u;
/** What the log is told: it is for the operator, who is no user of the API. */
const LOG_LEVEL = /^(?:trace|debug|info|warn|error|fatal)$/u;
/** Two words, of which a placeholder may be one. */
const WORDS =
  /\p{Letter}{2}[^\p{Letter}\0]*\s[^\p{Letter}\0]*[\p{Letter}\0]|\0\P{Letter}*\s\P{Letter}*\p{Letter}{2}/u;

/**
 * Every text of a source that reads like words, wherever it stands, help and log aside: which of them become errors is
 * more than one file can tell, so all of them count. A single word counts only where an error is made of it.
 */
export function spokenTexts(source: SourceText): readonly SpokenText[] {
  const { file, text } = source;
  const found: SpokenText[] = [];
  const visit = (node: SyntaxNode, makesError: boolean): void => {
    const callee = calleeOf(node);
    if (HELP_MAKER.test(callee) || HELP_MEMBER.test(keyOf(node)) || isLogged(node)) return;
    const parts = partsOf(node);
    if (parts !== undefined && (makesError || WORDS.test(parts.join('\0')))) {
      found.push({ place: `${file}:${lineAt(text, node.start)}`, parts });
    }
    const message = ERROR_MAKER.test(callee) ? argumentsOf(node)[1] : undefined;
    for (const below of nodesBelow(node)) visit(below, below === message);
  };
  visit(parseTypeScript(source), false);
  return found;
}

/** A text as a person would name it: `cannot read …: …`. */
export function shownText({ parts }: SpokenText): string {
  return parts.join('…');
}

function calleeOf(node: SyntaxNode): string {
  return lastNameOf(node['callee'] as SyntaxNode | undefined);
}

/** `logger.warn(…)`, `this.#logger.warn(…)` */
function isLogged(node: SyntaxNode): boolean {
  const callee = node['callee'] as SyntaxNode | undefined;
  if (callee?.type !== 'MemberExpression' || !LOG_LEVEL.test(calleeOf(node))) return false;
  return lastNameOf(callee['object'] as SyntaxNode) === 'logger';
}

function lastNameOf(node: SyntaxNode | undefined): string {
  const name = node?.type === 'MemberExpression' ? node['property'] : node;
  return nameOf(name as SyntaxNode | undefined);
}

function keyOf(node: SyntaxNode): string {
  return node.type === 'Property' ? nameOf(node['key'] as SyntaxNode) : '';
}

function nameOf(node: SyntaxNode | undefined): string {
  const name = node?.['name'];
  return typeof name === 'string' ? name : '';
}

function argumentsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return (node['arguments'] as readonly SyntaxNode[] | undefined) ?? [];
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
