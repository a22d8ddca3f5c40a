import type { Document } from '../docs/read-documents.ts';

/** A file that a document tells its readers to write. */
export interface DocumentedFile {
  readonly path: string;
  readonly text: string;
}

/** The files under "Clients": each block of TOML, with the path that stands right before it. */
export function documentedFiles(document: Document): readonly DocumentedFile[] {
  const found = chapter(document).matchAll(/in `(\/[^`]+)`:\n\n```toml\n([\s\S]*?)^```/gim);
  const files = [...found].map(([, path = '', text = '']) => ({ path, text }));
  const blocks = chapter(document).match(/^```toml$/gm) ?? [];
  if (files.length !== blocks.length) throw new Error('a block of TOML has no path before it');
  return files;
}

/** The commands under "Clients", which all install something. */
export function documentedInstalls(document: Document): readonly string[] {
  const commands = [...chapter(document).matchAll(/^\$ (.+)$/gm)].map(
    ([, command = '']) => command,
  );
  const others = commands.filter((command) => !command.startsWith('install '));
  if (others.length > 0) throw new Error(`nobody runs this: ${others[0]}`);
  return commands;
}

function chapter({ text }: Document): string {
  const [, found] = /^## Clients\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(text) ?? [];
  if (found === undefined) throw new Error('there is no chapter "Clients"');
  return found;
}
