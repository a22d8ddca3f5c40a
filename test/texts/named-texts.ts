import type { SpokenText } from './spoken-texts.ts';
import {
  nodesBelow,
  parseTypeScript,
  partsOf,
  patternOf,
  type SourceText,
  type SyntaxNode,
} from './syntax.ts';

/** Stands for a placeholder of a test's own template; no text holds it. */
const PLACEHOLDER = '\0';

/** Every text that a test writes down, regular expressions included. */
export function namedTexts(source: SourceText): readonly string[] {
  const found: string[] = [];
  const visit = (node: SyntaxNode): void => {
    const parts = partsOf(node);
    const pattern = patternOf(node);
    if (parts !== undefined) found.push(parts.join(PLACEHOLDER));
    if (pattern !== undefined) found.push(pattern.replaceAll(/\\([^\w\s])/gu, '$1'));
    for (const below of nodesBelow(node)) visit(below);
  };
  visit(parseTypeScript(source));
  return found;
}

/** The texts that no test names: none of theirs has the same parts in the same order. */
export function unnamedTexts(
  spoken: readonly SpokenText[],
  named: readonly string[],
): readonly SpokenText[] {
  const all = [...new Set(named)];
  return spoken.filter((text) => {
    const parts = text.parts.map((part) => part.trim()).filter((part) => part !== '');
    return !all.some((one) => holdsInOrder(one, parts));
  });
}

function holdsInOrder(text: string, parts: readonly string[]): boolean {
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}
