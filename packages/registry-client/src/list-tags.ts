import { isTagName } from '@tagtrail/image-reference';
import { decodeText } from './content-digest.ts';
import type { RegistryLimits } from './limits.ts';
import { nextPage } from './next-page.ts';
import { RegistryError } from './registry-error.ts';
import type { RegistryExchange } from './registry-exchange.ts';
import { checkTarget, nameOf, type RepositoryTarget, tagListPath } from './repository-target.ts';

const OK = 200;
/** Names asked for in one page: what most registries stop at. */
const PAGE_SIZE = 1_000;
const FIRST_PAGE = `?n=${PAGE_SIZE}`;
/** Without a size: for registries that refuse ours. Source: Quay, which has at most 100. */
const UNSIZED_PAGE = '';
const REFUSES_SIZE: ReadonlySet<number> = new Set([400, 405, 413]);
/** No registry is known to cut a list shorter; from here on one without a link may have been cut. Source: GHCR, Nexus. */
const SHORTEST_CUT = 50;
/** Answers of registries that do not know `last`. */
const REFUSES_LAST: ReadonlySet<number> = new Set([400, 404, 405]);
/** Source: OpenShift; some registries list an untagged manifest so. */
const UNNAMED = 'latest';

type ListLimits = Pick<RegistryLimits, 'tagListBytes' | 'tagPages' | 'listedTags'>;

/**
 * The names of all tags of a repository, in the registry's order, each once. All pages or none: a page that fails, a
 * cursor that comes again, or a list beyond the limits is an error, because half a list would be taken for the whole.
 */
export async function listTags(
  exchange: RegistryExchange,
  { target, limits }: { readonly target: RepositoryTarget; readonly limits: ListLimits },
  signal: AbortSignal,
): Promise<readonly string[]> {
  checkTarget(target);
  const subject = `${nameOf(target)}: list of tags`;
  const names = new Set<string>();
  const cursors = new Set<string>();
  let query: string | undefined = FIRST_PAGE;
  let linked = false;
  let isFull = false;
  for (let pages = 1; query !== undefined; pages += 1) {
    if (pages > limits.tagPages) throw tooLong(subject, `${limits.tagPages} pages`);
    if (cursors.has(query)) throw incomplete(subject, 'its pages go round in circles');
    cursors.add(query);
    const known = names.size;
    const asked: PageRequest = { target, query, subject, limits, isBehindFull: isFull };
    const page: Page = await fetchPage(exchange, asked, signal);
    isFull = page.listed === PAGE_SIZE;
    for (const name of page.names) names.add(name);
    if (names.size > limits.listedTags) throw tooLong(subject, `${limits.listedTags} tags`);
    linked ||= page.next !== undefined;
    const isOver: boolean = linked || (isBeyond(query) && names.size === known);
    query = page.next ?? (isOver ? undefined : page.beyond);
  }
  return [...names];
}

/** The first page of the list that {@link listTags} reads to its end. */
export async function firstTagPage(
  exchange: RegistryExchange,
  { target, limits }: { readonly target: RepositoryTarget; readonly limits: ListLimits },
  signal: AbortSignal,
): Promise<TagPage> {
  checkTarget(target);
  const subject = `${nameOf(target)}: list of tags`;
  const fetch = (query: string) => fetchPage(exchange, { target, query, subject, limits }, signal);
  const sized = await fetch(FIRST_PAGE);
  const refusesSize = sized.next === UNSIZED_PAGE;
  const { names, next } = refusesSize ? await fetch(UNSIZED_PAGE) : sized;
  const asked = refusesSize ? undefined : PAGE_SIZE;
  return { names, asked, more: next !== undefined };
}

export interface TagPage {
  readonly names: readonly string[];
  /** Names that were asked for; registries may send fewer, or more. Undefined when this one refuses to be asked for a number. */
  readonly asked: number | undefined;
  /** Whether the registry names a next page. */
  readonly more: boolean;
}

interface Page {
  readonly names: readonly string[];
  readonly next: string | undefined;
  /** Where the list goes on if it was cut without a word; a registry that cut nothing has nothing there. */
  readonly beyond?: string | undefined;
  /** How many names the registry sent, those that no tag can have included. */
  readonly listed: number;
}

interface PageRequest {
  readonly target: RepositoryTarget;
  readonly query: string;
  readonly subject: string;
  readonly limits: ListLimits;
  /** The page before had exactly as many names as were asked for, so it may have been cut. */
  readonly isBehindFull?: boolean;
}

async function fetchPage(
  exchange: RegistryExchange,
  request: PageRequest,
  signal: AbortSignal,
): Promise<Page> {
  const { target, query, subject, limits, isBehindFull = false } = request;
  const path = `${tagListPath(target)}${query}`;
  const bodyLimit = limits.tagListBytes;
  const asked = { target, method: 'GET', path, accept: 'application/json', bodyLimit } as const;
  const { reply, error } = await exchange.send({ ...asked, subject }, signal);
  if (query === FIRST_PAGE && REFUSES_SIZE.has(reply.status))
    return { names: [], next: UNSIZED_PAGE, listed: 0 };
  if (isBeyond(query) && REFUSES_LAST.has(reply.status)) {
    if (isBehindFull) throw incomplete(subject, CUT);
    return { names: [], next: undefined, listed: 0 };
  }
  if (reply.status !== OK) throw error();
  const tags = decodeTagList(reply.body, subject);
  const next = nextPage(reply.headers['link'], target);
  if (next.kind === 'refused') throw incomplete(subject, next.problem);
  const listed = tags.length;
  const last = listed < SHORTEST_CUT ? undefined : tags.at(-1);
  const beyond = last && `${BEYOND}${encodeURIComponent(last)}`;
  return {
    names: usable(tags),
    next: next.kind === 'more' ? next.query : undefined,
    beyond,
    listed,
  };
}

const BEYOND = `${FIRST_PAGE}&last=`;
const CUT = 'it ends with a full page, and the registry does not say what comes behind it';

/** Asked for by ourselves, because no link says where the list ends. */
function isBeyond(query: string): boolean {
  return query.startsWith(BEYOND);
}

/**
 * A name that no reference can hold is left out: nobody could pull by it, and one such name must not keep all others
 * from being listed.
 */
function usable(tags: readonly string[]): readonly string[] {
  return tags.map((tag) => (tag === '' ? UNNAMED : tag)).filter(isTagName);
}

function decodeTagList(bytes: Buffer, subject: string): readonly string[] {
  let body: unknown;
  try {
    body = JSON.parse(decodeText(bytes, subject));
  } catch {
    // The SyntaxError quotes the text, which must not reach a message unbounded.
    throw incomplete(subject, 'the registry sent something else than JSON');
  }
  const tags = tagsOf(body);
  if (tags === undefined) {
    throw incomplete(subject, 'the registry sent something else than a list of tags');
  }
  return tags;
}

/** Of a repository without tags, `tags` may be null, or absent beside a name; undefined for any other document. */
function tagsOf(body: unknown): readonly string[] | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { name, tags }: { readonly name?: unknown; readonly tags?: unknown } = body;
  if (tags === null || (tags === undefined && typeof name === 'string')) return [];
  if (!Array.isArray(tags)) return undefined;
  // Nexus puts null where a tag has just been deleted.
  const named = tags.filter((tag) => tag !== null);
  return named.every((tag) => typeof tag === 'string') ? named : undefined;
}

function tooLong(subject: string, most: string): RegistryError {
  const advice = 'half of it is never used; name the tags that matter one by one';
  return new RegistryError('RegistryError', `${subject}: more than ${most}, and ${advice}`);
}

function incomplete(subject: string, problem: string): RegistryError {
  return new RegistryError('RegistryError', `${subject}: ${problem}; nothing of it is used`);
}
