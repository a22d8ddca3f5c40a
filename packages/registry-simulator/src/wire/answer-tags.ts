import type { Repository } from '../content/repository.ts';
import type { Reply } from './reply.ts';
import { errorReply, jsonReply } from './reply.ts';

/** Tags in one page, asked for or not: what most registries stop at. */
const TAG_PAGE_LIMIT = 1000;

/**
 * One page of a repository's tags with a relative Link to the next: distribution-spec, "Listing
 * tags".
 */
export function answerTags(repository: Repository, query: string): Reply {
  const parameters = new URLSearchParams(query);
  const asked = parameters.get('n') ?? String(TAG_PAGE_LIMIT);
  if (!/^\d+$/.test(asked)) {
    return errorReply(400, { code: 'PAGINATION_NUMBER_INVALID', message: 'n is not a number' });
  }
  const size = Math.min(Number(asked), TAG_PAGE_LIMIT);
  const last = parameters.get('last') ?? '';
  const following = repository.tags().filter((tag) => tag > last);
  const tags = following.slice(0, size);
  const more = tags.length > 0 && tags.length < following.length;
  const headers = more ? { Link: nextLink(repository.name, size, tags.at(-1) ?? '') } : {};
  return jsonReply(200, { name: repository.name, tags }, headers);
}

function nextLink(repository: string, size: number, last: string): string {
  const query = new URLSearchParams({ n: String(size), last });
  return `</v2/${repository}/tags/list?${query}>; rel="next"`;
}
