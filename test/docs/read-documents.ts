import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');

/** A Markdown file of the project. */
export interface Document {
  /** From the root of the project. */
  readonly path: string;
  readonly text: string;
}

export function readDocument(path: string): Document {
  return { path, text: readFileSync(join(ROOT, path), 'utf8') };
}

export function readDocuments(): readonly Document[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  const pages = docs.filter((file) => file.endsWith('.md')).map((file) => join('docs', file));
  return ['README.md', 'ARCHITECTURE.md', ...pages.sort()].map(readDocument);
}

/** Text between a heading and the next one of its level or above. */
export function sectionOf({ text }: Document, heading: string): string {
  const [, level = ''] = /^(#+) /.exec(heading) ?? [];
  const start = text.indexOf(`${heading}\n`);
  if (start < 0) throw new Error(`no heading "${heading}"`);
  const rest = text.slice(start + heading.length);
  const end = rest.search(new RegExp(`^#{1,${level.length}} `, 'm'));
  return end < 0 ? rest : rest.slice(0, end);
}

/** Cells of every table row, heads and rules left out. */
export function tableRows(text: string): readonly (readonly string[])[] {
  const lines = text.split('\n');
  return lines
    .filter((line, at) => line.startsWith('|') && !isHeadOrRule(line, lines[at + 1]))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function isHeadOrRule(line: string, next = ''): boolean {
  const rule = /^\|( -+ \|)+$/;
  return rule.test(line) || rule.test(next);
}

/** Everything between single backticks outside of code blocks. */
export function codeSpans({ text }: Document): readonly string[] {
  const prose = text.replace(/^ *```[\s\S]*?^ *```/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
}

/** Lines behind a `$ ` in code blocks, as somebody would type them. */
export function typedLines({ text }: Document): readonly string[] {
  return [...text.matchAll(/^ *\$ (.+)$/gm)].map(([, line = '']) => line);
}

/** Contents of the code blocks in a language, without their indentation. */
export function codeBlocks({ text }: Document, language: string): readonly string[] {
  const blocks = text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, 'gm'));
  return [...blocks].map(([, indent = '', block = '']) =>
    block.replace(new RegExp(`^${indent}`, 'gm'), ''),
  );
}
