import type { RepositoryTarget } from './repository-target.ts';

/** Longest Link header worth reading; cursors of cloud registries are some hundred characters. */
const LINK_LENGTH = 8 * 1024;

export type NextPage =
  | { readonly kind: 'last' }
  /** The query of the next page, `?` included: an opaque cursor of the registry's. */
  | { readonly kind: 'more'; readonly query: string }
  | { readonly kind: 'refused'; readonly problem: string };

/**
 * Where the next page of a list is. Only the query of the link is used: registries behind proxies name a wrong scheme or
 * leave out a part of the path, and the path is known. Another host is refused. Source: distribution-spec, "Listing
 * tags"; RFC 8288.
 */
export function nextPage(
  header: string | readonly string[] | undefined,
  { endpoint }: Pick<RepositoryTarget, 'endpoint'>,
): NextPage {
  const text = typeof header === 'string' ? header : (header ?? []).join(', ');
  if (text === '') return { kind: 'last' };
  if (text.length > LINK_LENGTH) return { kind: 'refused', problem: 'its Link header is too long' };
  const target = nextTarget(text);
  if (target === undefined) return { kind: 'last' };
  const url = URL.parse(target, `https://${endpoint}`);
  if (url === null) return { kind: 'refused', problem: 'its link to the next page is malformed' };
  if (!isSameHost(url, endpoint)) {
    return { kind: 'refused', problem: 'its link to the next page leads to another host' };
  }
  return url.search === ''
    ? { kind: 'refused', problem: 'its link to the next page has no cursor' }
    : { kind: 'more', query: url.search };
}

/** Without a port, too: registries behind proxies do not know the one they are called at. */
function isSameHost({ protocol, host, hostname, port }: URL, endpoint: string): boolean {
  const own = URL.parse(`${protocol}//${endpoint}`);
  return host === own?.host || (port === '' && hostname === own?.hostname);
}

/**
 * The target of the first link with `rel=next`, else of the first that does not say what it is: read from left to right,
 * in one pass.
 */
function nextTarget(text: string): string | undefined {
  let unlabelled: string | undefined;
  for (let at = 0; ; ) {
    const open = text.indexOf('<', at);
    const close = text.indexOf('>', open + 1);
    if (open === -1 || close === -1) return unlabelled;
    const following = text.indexOf('<', close);
    const parameters = text.slice(close + 1, following === -1 ? undefined : following);
    const target = text.slice(open + 1, close);
    const relations = relationsOf(parameters);
    if (relations?.includes('next')) return target;
    if (relations === undefined) unlabelled ??= target;
    at = close + 1;
  }
}

/** Quotes are optional, relations may be several, and case does not matter; undefined without any. */
function relationsOf(parameters: string): readonly string[] | undefined {
  for (const parameter of parameters.split(';')) {
    const [name = '', value = ''] = parameter.split('=', 2);
    if (name.trim().toLowerCase() !== 'rel') continue;
    return value.replaceAll('"', ' ').replaceAll(',', ' ').toLowerCase().split(' ');
  }
  return undefined;
}
