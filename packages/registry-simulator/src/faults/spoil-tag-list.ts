import type { Repository } from '../content/repository.ts';
import type { Reply } from '../wire/reply.ts';
import { errorReply, jsonReply } from '../wire/reply.ts';
import type { WireRequest } from '../wire/route.ts';
import type { FaultScene } from './fault-scene.ts';
import { CURSOR, type LinkForm, linkTo } from './link-form.ts';

/** How the pages of a list of tags differ from those of a well-behaved registry. */
export interface TagListForm {
  /** Names in a page, whatever is asked for. */
  readonly pageSize?: number;
  /** Refuses pages of more names with this status. */
  readonly refuseAbove?: { readonly size: number; readonly status: number };
  readonly link?: LinkForm;
  /** What stands before the names of the first page. */
  readonly extra?: readonly (string | null)[];
  /** So many made-up names in one page, in place of the real ones. */
  readonly generated?: number;
  /** In the order in which the tags were first pushed. */
  readonly order?: 'asPushed';
}

/** Names in a page that nobody limits: what most registries stop at. */
const USUAL_PAGE = 1000;

/** One page of the repository's tags in the form; replies that are no list of tags stay. */
export function spoilTagList(
  reply: Reply,
  form: TagListForm,
  { request, content }: FaultScene,
): Reply {
  const { kind, repository: name = '' } = request.route;
  const repository = content.repository(name);
  if (kind !== 'tags' || reply.status !== 200 || repository === undefined) return reply;
  if (form.generated !== undefined) return jsonReply(200, { name, tags: madeUp(form.generated) });
  return refusePage(form, request) ?? page(repository, form, request);
}

function refusePage({ refuseAbove, link }: TagListForm, request: WireRequest): Reply | undefined {
  const query = new URLSearchParams(request.query);
  if (refuseAbove !== undefined && Number(query.get('n') ?? 0) > refuseAbove.size) {
    const message = `at most ${refuseAbove.size} names a page`;
    return errorReply(refuseAbove.status, { code: 'TOO_MANY_TAGS_REQUESTED', message });
  }
  if (link !== 'opaque' || !query.has('last')) return undefined;
  return errorReply(405, { code: 'UNSUPPORTED', message: 'Invalid next token' });
}

function page(repository: Repository, form: TagListForm, request: WireRequest): Reply {
  const query = new URLSearchParams(request.query);
  const last = lastName(query);
  const size = pageSize(form, query);
  const following = namesAfter(last, repository, form);
  const names = following.slice(0, size);
  const more = names.length < following.length || form.link === 'endless';
  const parts = { request, size, last: names.at(-1) ?? '' };
  const link = more ? linkTo(form.link ?? 'relative', parts) : undefined;
  const tags = last === '' ? [...(form.extra ?? []), ...names] : names;
  return jsonReply(200, { name: repository.name, tags }, link === undefined ? {} : { Link: link });
}

function pageSize({ pageSize: fixed, refuseAbove }: TagListForm, query: URLSearchParams): number {
  const asked = Number(query.get('n') ?? 0);
  return fixed ?? refuseAbove?.size ?? (Math.min(asked, USUAL_PAGE) || USUAL_PAGE);
}

function lastName(query: URLSearchParams): string {
  const cursor = query.get(CURSOR);
  return cursor === null ? (query.get('last') ?? '') : Buffer.from(cursor, 'base64url').toString();
}

function namesAfter(last: string, repository: Repository, { order }: TagListForm) {
  if (order === undefined) return repository.tags().filter((tag) => tag > last);
  const names = repository.tagsAsPushed();
  return last === '' ? names : names.slice(names.indexOf(last) + 1);
}

function madeUp(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `build-${at}`);
}
