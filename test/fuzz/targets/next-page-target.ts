import { nextPage } from '../../../packages/registry-client/src/next-page.ts';
import { filled } from '../engine/filled.ts';
import { type FuzzTarget, must, mustEqual } from '../engine/fuzz-target.ts';
import { LINE_MUTATORS } from '../engine/line-mutators.ts';

/** Characters of the header that are read. */
const LINK_LENGTH = 8 * 1024;
const ENDPOINT = 'registry.example:5000';

/** The Link header of a page of a list of tags, one header a line. */
export const nextPageTarget: FuzzTarget = {
  name: 'next-page',
  dictionary: [
    '<',
    '>',
    '; rel="next"',
    '; rel=next',
    '; rel="prev next"',
    '</v2/a/tags/list?last=b&n=100>',
    `https://${ENDPOINT}`,
    `http://${ENDPOINT}`,
    '//evil.example',
    '\\\\evil.example',
    'javascript:',
    '?',
    '#',
    '%0d%0a',
    '@',
    ', ',
    ';',
    '..',
  ],
  mutators: LINE_MUTATORS,
  limit: LINK_LENGTH,
  check: checkNextPage,
  growth: {
    'open links': (size) => filled(size, '<'),
    'empty links': (size) => filled(size, '<>'),
    'links to elsewhere': (size) => filled(size, '<a>; rel=prev, '),
    parameters: (size) => filled(size, ';', ['<a?b>', '']),
    relations: (size) => filled(size, 'a ', ['<a?b>; rel="', '"']),
    'steps up': (size) => filled(size, '../', ['<', '?a>; rel=next']),
    'a long cursor': (size) => filled(size, '%', ['<?', '>; rel=next']),
    'a long host': (size) => filled(size, 'a.', ['<https://', '/?a>; rel=next']),
    digits: (size) => filled(size, '9', ['<https://registry.example:', '/?a>; rel=next']),
  },
};

function checkNextPage(text: string): boolean {
  const page = nextPage(text.split('\n'), { endpoint: ENDPOINT });
  if (page.kind === 'refused') must(page.problem !== '', 'a refusal says why');
  if (page.kind !== 'more') return false;
  must(/^\?[!-~]+$/.test(page.query) && !page.query.includes('#'), 'the cursor is a query');
  const path = '/v2/acme/app/tags/list';
  const { host, pathname, search } = new URL(`https://${ENDPOINT}${path}${page.query}`);
  mustEqual([host, pathname, search], [ENDPOINT, path, page.query], 'the query leads nowhere else');
  const written = `<${page.query}>; rel="next"`;
  if (written.length > LINK_LENGTH) return true;
  const again = nextPage(written, { endpoint: ENDPOINT });
  mustEqual(again, page, 'a cursor is read as it was written');
  return true;
}
