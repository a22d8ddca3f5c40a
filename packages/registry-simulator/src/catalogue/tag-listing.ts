import type { NamedFault } from './named-fault.ts';

const TAGS = { route: 'tags' } as const;

/** A page as small as Nexus and others cut it. */
const SMALL_PAGE = 100;

/** Names of a list that takes several times what a page may have. */
const GIANT_LIST = 1_000_000;

/** Behaviours 27 to 40: what lists of tags look like, and how their pages hang together. */
export const TAG_LISTING_FAULTS: readonly NamedFault[] = [
  {
    name: 'tags-null',
    behaviour: 27,
    does: 'answers "tags": null, as for a repository without any',
    parts: [{ match: TAGS, fault: { setFields: { tags: null } } }],
  },
  {
    name: 'tags-absent',
    behaviour: 27,
    does: 'leaves "tags" out of the list',
    parts: [{ match: TAGS, fault: { dropFields: ['tags'] } }],
  },
  {
    name: 'name-unknown',
    behaviour: 27,
    does: 'forgets the repository with its last tag: 404 for the list',
    parts: [{ match: TAGS, fault: { status: 404 } }],
  },
  {
    name: 'null-among-tags',
    behaviour: 28,
    does: 'lists null between the names of tags',
    parts: [{ match: TAGS, fault: { tagList: { extra: [null] } } }],
  },
  {
    name: 'digest-among-tags',
    behaviour: 29,
    does: 'lists digests as if they were tags',
    parts: [{ match: TAGS, fault: { tagList: { extra: [`sha256:${'0'.repeat(64)}`] } } }],
  },
  {
    name: 'illegal-tags',
    behaviour: 30,
    does: 'lists names that no tag can have',
    parts: [{ match: TAGS, fault: { tagList: { extra: ['-ot-beta', 'a b', 'ä'] } } }],
  },
  {
    name: 'link-absolute',
    behaviour: 31,
    does: 'links the next page by a whole URL',
    parts: [{ match: TAGS, fault: { tagList: { pageSize: SMALL_PAGE, link: 'absolute' } } }],
  },
  {
    name: 'link-other-host',
    behaviour: 31,
    does: 'links the next page on another host',
    parts: [{ match: TAGS, fault: { tagList: { pageSize: SMALL_PAGE, link: 'otherHost' } } }],
  },
  {
    name: 'link-without-rel',
    behaviour: 31,
    does: 'links the next page without saying that it is the next',
    parts: [{ match: TAGS, fault: { tagList: { pageSize: SMALL_PAGE, link: 'withoutRel' } } }],
  },
  {
    name: 'links-several',
    behaviour: 31,
    does: 'sends several links in one header, the next page among them',
    parts: [{ match: TAGS, fault: { tagList: { pageSize: SMALL_PAGE, link: 'several' } } }],
  },
  {
    name: 'link-without-port',
    behaviour: 32,
    does: 'links the next page by a URL that lacks its port',
    parts: [{ match: TAGS, fault: { tagList: { pageSize: SMALL_PAGE, link: 'withoutPort' } } }],
  },
  {
    name: 'link-without-prefix',
    behaviour: 32,
    does: 'links the next page by a path that lacks the first part of the repository',
    parts: [{ match: TAGS, fault: { tagList: { pageSize: SMALL_PAGE, link: 'withoutPrefix' } } }],
  },
  {
    name: 'no-link',
    behaviour: 33,
    does: 'cuts the list at the page size asked for and links no next page',
    parts: [{ match: TAGS, fault: { tagList: { link: 'none' } } }],
  },
  {
    name: 'link-opaque',
    behaviour: 34,
    does: 'pages by a cursor of its own, and takes no other',
    parts: [{ match: TAGS, fault: { tagList: { pageSize: SMALL_PAGE, link: 'opaque' } } }],
  },
  {
    name: 'pages-in-circles',
    behaviour: 35,
    does: 'links every page to itself',
    parts: [{ match: TAGS, fault: { tagList: { pageSize: SMALL_PAGE, link: 'circular' } } }],
  },
  {
    name: 'pages-without-end',
    behaviour: 35,
    does: 'links every page to the same names under a new cursor',
    parts: [{ match: TAGS, fault: { tagList: { pageSize: SMALL_PAGE, link: 'endless' } } }],
  },
  {
    name: 'page-size-413',
    behaviour: 36,
    does: 'refuses pages of more than 100 names with 413',
    parts: [
      { match: TAGS, fault: { tagList: { refuseAbove: { size: SMALL_PAGE, status: 413 } } } },
    ],
  },
  {
    name: 'page-size-405',
    behaviour: 36,
    does: 'refuses pages of more than 1000 names with 405',
    parts: [{ match: TAGS, fault: { tagList: { refuseAbove: { size: 1000, status: 405 } } } }],
  },
  {
    name: 'page-capped',
    behaviour: 37,
    does: 'caps a page below the size asked for and links no next page',
    parts: [{ match: TAGS, fault: { tagList: { pageSize: SMALL_PAGE, link: 'none' } } }],
  },
  {
    name: 'giant-tag-list',
    behaviour: 38,
    does: 'sends a million names in one page',
    parts: [{ match: TAGS, fault: { tagList: { generated: GIANT_LIST } } }],
  },
  {
    name: 'tag-list-504',
    behaviour: 38,
    does: 'gives up on its own list of tags: 504',
    parts: [{ match: TAGS, fault: { status: 504 } }],
  },
  {
    name: 'oldest-tags-first',
    behaviour: 39,
    does: 'lists tags in the order in which they were pushed',
    parts: [{ match: TAGS, fault: { tagList: { pageSize: SMALL_PAGE, order: 'asPushed' } } }],
  },
  {
    name: 'page-2-fails',
    behaviour: 40,
    does: 'answers the second page of a list with 500',
    parts: [
      { match: TAGS, fault: { tagList: { pageSize: SMALL_PAGE } } },
      { match: { ...TAGS, skip: 1, first: 1 }, fault: { status: 500 } },
    ],
  },
];
