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
  let query = `?n=${PAGE_SIZE}`;
  for (let pages = 1; ; pages += 1) {
    if (pages > limits.tagPages) throw tooLong(subject, `${limits.tagPages} pages`);
    cursors.add(query);
    const page = await fetchPage(exchange, { target, query, subject, limits }, signal);
    for (const name of page.names) names.add(name);
    if (names.size > limits.listedTags) throw tooLong(subject, `${limits.listedTags} tags`);
    if (page.next === undefined) return [...names];
    if (cursors.has(page.next)) throw incomplete(subject, 'its pages go round in circles');
    query = page.next;
  }
}

/** The first page of the list that {@link listTags} reads to its end. */
export async function firstTagPage(
  exchange: RegistryExchange,
  { target, limits }: { readonly target: RepositoryTarget; readonly limits: ListLimits },
  signal: AbortSignal,
): Promise<TagPage> {
  checkTarget(target);
  const subject = `${nameOf(target)}: list of tags`;
  const first = { target, query: `?n=${PAGE_SIZE}`, subject, limits };
  const { names, next } = await fetchPage(exchange, first, signal);
  return { names, asked: PAGE_SIZE, more: next !== undefined };
}

export interface TagPage {
  readonly names: readonly string[];
  /** Names that were asked for; registries may send fewer, or more. */
  readonly asked: number;
  /** Whether the registry names a next page. */
  readonly more: boolean;
}

interface Page {
  readonly names: readonly string[];
  readonly next: string | undefined;
}

async function fetchPage(
  exchange: RegistryExchange,
  request: {
    readonly target: RepositoryTarget;
    readonly query: string;
    readonly subject: string;
    readonly limits: ListLimits;
  },
  signal: AbortSignal,
): Promise<Page> {
  const { target, query, subject, limits } = request;
  const path = `${tagListPath(target)}${query}`;
  const bodyLimit = limits.tagListBytes;
  const asked = { target, method: 'GET', path, accept: 'application/json', bodyLimit } as const;
  const { reply, error } = await exchange.send({ ...asked, subject }, signal);
  if (reply.status !== OK) throw error();
  const names = decodeTagList(reply.body, subject);
  const next = nextPage(reply.headers['link'], target);
  if (next.kind === 'refused') throw incomplete(subject, next.problem);
  return { names, next: next.kind === 'more' ? next.query : undefined };
}

/**
 * A name that no reference can hold is left out: nobody could pull by it, and one such name must not keep all others
 * from being listed.
 */
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
  return tags.map((tag) => (tag === '' ? UNNAMED : tag)).filter(isTagName);
}

/** Of a repository without tags, `tags` may be null, or absent beside a name; undefined for any other document. */
function tagsOf(body: unknown): readonly string[] | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { name, tags }: { readonly name?: unknown; readonly tags?: unknown } = body;
  if (tags === null || (tags === undefined && typeof name === 'string')) return [];
  return Array.isArray(tags) && tags.every((tag) => typeof tag === 'string') ? tags : undefined;
}

function tooLong(subject: string, most: string): RegistryError {
  const advice = 'half of it is never used; name the tags that matter one by one';
  return new RegistryError('RegistryError', `${subject}: more than ${most}, and ${advice}`);
}

function incomplete(subject: string, problem: string): RegistryError {
  return new RegistryError('RegistryError', `${subject}: ${problem}; nothing of it is used`);
}
