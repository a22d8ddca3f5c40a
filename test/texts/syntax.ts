import { parseAst } from 'rolldown/parseAst';

/** A node of a syntax tree, as far as it is looked at. Source: ESTree. */
export interface SyntaxNode {
  readonly type: string;
  /** Characters from the beginning of the text. */
  readonly start: number;
  readonly [member: string]: unknown;
}

export interface SourceText {
  /** From the root of the repository. */
  readonly file: string;
  readonly text: string;
}

/** The syntax tree of a TypeScript source. TypeScript 7 has no parser to call, and the bundler's is here already. */
export function parseTypeScript({ file, text }: SourceText): SyntaxNode {
  return parseAst(text, { lang: 'ts' }, file) as unknown as SyntaxNode;
}

/** Nodes right below a node, types left out: what is written there is never printed. */
export function nodesBelow(node: SyntaxNode): readonly SyntaxNode[] {
  return Object.values(node)
    .flatMap((member: unknown) => (Array.isArray(member) ? member : [member]))
    .filter(isNode)
    .filter(({ type }) => !isType(type));
}

/** The texts between the placeholders of a string or template; undefined for every other node. */
export function partsOf(node: SyntaxNode): readonly string[] | undefined {
  if (node.type === 'Literal') {
    return typeof node['value'] === 'string' ? [node['value']] : undefined;
  }
  if (node.type !== 'TemplateLiteral') return undefined;
  const quasis = node['quasis'] as readonly { readonly value: { readonly cooked: string } }[];
  return quasis.map(({ value }) => value.cooked);
}

/** The source of a regular expression; undefined for every other node. */
export function patternOf(node: SyntaxNode): string | undefined {
  return (node['regex'] as { readonly pattern: string } | undefined)?.pattern;
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** Expressions with a type beside them are none. */
function isType(type: string): boolean {
  return type.startsWith('TS') && !/^TS(?:As|Satisfies|NonNull|Instantiation)/u.test(type);
}
