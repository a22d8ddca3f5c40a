import type { Document } from '../docs/read-documents.ts';

/** One `sh` block of a document: lines that are typed together. */
export interface CommandBlock {
  /** Of the nearest heading above it. */
  readonly heading: string;
  readonly text: string;
}

/** Every block of the document in its order. `console` blocks show what is typed behind `$ `. */
export function commandBlocks({ text }: Document): readonly CommandBlock[] {
  const blocks: CommandBlock[] = [];
  let heading = '';
  const pattern = /^#+ (.+)$|^```(sh|console)\n([\s\S]*?)^```/gm;
  for (const [, title, language, content = ''] of text.matchAll(pattern)) {
    if (title !== undefined) heading = title;
    else blocks.push({ heading, text: language === 'sh' ? content : typed(content) });
  }
  return blocks;
}

function typed(content: string): string {
  return content.replace(/^(?!\$ ).*\n/gm, '').replace(/^\$ /gm, '');
}
