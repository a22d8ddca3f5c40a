import { RegistryFault } from '../registry-fault.ts';

/** Names on a page, whatever is asked for. Source: CVE-2023-2253, lists as long as a client likes. */
export const PAGE_LIMIT = 1_000;

export interface TagPage {
  readonly names: readonly string[];
  /** Path and query of the next page; undefined behind the last one. */
  readonly next?: string;
}

/** The page of `names` (in byte order) that `query` asks for. Source: distribution-spec, "Listing Tags". */
export function tagPage(names: readonly string[], path: string, query: URLSearchParams): TagPage {
  const limit = parseLimit(query.get('n'));
  const last = query.get('last') ?? '';
  const after = last === '' ? names : names.filter((name) => name > last);
  const page = after.slice(0, limit);
  const end = page.at(-1);
  if (end === undefined || page.length === after.length) return { names: page };
  return { names: page, next: `${path}?n=${limit}&last=${encodeURIComponent(end)}` };
}

function parseLimit(text: string | null): number {
  if (text === null) return PAGE_LIMIT;
  if (/^\d{1,9}$/.test(text)) return Math.min(Number(text), PAGE_LIMIT);
  throw new RegistryFault('PAGINATION_NUMBER_INVALID', 'n is a number of tags, 0 or more');
}
