import type { Output } from '../terminal/output.ts';
import { plainText } from '../terminal/plain-text.ts';

/** Characters of a header that are looked at. Source: kubectl, which reads as many. */
const HEADER_LIMIT = 4096;
const WARNING = /\b299 \S+ "((?:[^"\\]|\\.)*)"/gu;

/**
 * `fetch` that prints the warnings an answer comes with, `Warning: TEXT`, each of them once.
 * Source: Kubernetes, "Warning" response headers (RFC 7234 §5.5, code 299).
 */
export function fetchTellingWarnings(output: Pick<Output, 'note'>, send = fetch): typeof fetch {
  const told = new Set<string>();
  return async (input, init) => {
    const response = await send(input, init);
    for (const text of readWarnings(response.headers.get('warning') ?? '')) {
      if (!told.has(text)) output.note(`Warning: ${text}`);
      told.add(text);
    }
    return response;
  };
}

/** The texts of a header, which may hold several warnings. */
export function readWarnings(header: string): readonly string[] {
  return [...header.slice(0, HEADER_LIMIT).matchAll(WARNING)]
    .map(([, text = '']) => plainText(text.replaceAll(/\\(.)/gu, '$1')))
    .filter((text) => text !== '');
}
