import type { RegistryError, RegistryEvent } from '@tagtrail/registry-client';
import { ofKind, requestTime } from './dialogue-record.ts';
import type { Step } from './examination.ts';
import { failureRemarks } from './failure-remarks.ts';
import type { Asked } from './step-request.ts';

/** Names shown where the wanted one is missing. */
const SHOWN_NAMES = 5;
/** Path of every list of tags, in the words of the protocol. */
const LIST = '/tags/list';

interface TagPage {
  readonly names: readonly string[];
  readonly asked: number | undefined;
  readonly more: boolean;
}

/** The first page of the list of tags; only streams that follow a whole repository need it. */
export function tagListStep(
  events: readonly RegistryEvent[],
  asked: Asked<TagPage>,
  { wanted, now }: { readonly wanted: string; readonly now: number },
): Step {
  const isList = ({ url }: { readonly url: string }) => url.endsWith(LIST);
  const reply = ofKind(events, 'reply').findLast(isList);
  const took = requestTime(events, isList);
  if (!asked.ok) {
    const remarks = refusalRemarks(asked.error, now);
    return { name: 'tags', verdict: 'failed', took, seen: asked.error.message, remarks };
  }
  const { names, more } = asked.value;
  const link = linkForm(more ? reply?.headers['link'] : undefined);
  const rest = link === undefined ? 'that is all' : `a next page by ${link} Link`;
  return {
    name: 'tags',
    verdict: 'ok',
    took,
    seen: `${names.length} on the first page, ${rest}`,
    remarks: [...pageRemarks(asked.value), ...absenceRemarks(asked.value, wanted)],
    facts: { count: names.length, asked: asked.value.asked, more, link },
  };
}

/** What a look at a tag suffers from is told by its own step. */
function refusalRemarks(error: RegistryError, now: number): readonly string[] {
  if (error.code === 'NotFound') return ['the repository is not there, or not for this client'];
  const wait = error.retryAfter === undefined ? [] : failureRemarks(error, now).slice(0, 1);
  return [
    'tags are followed one by one all the same; only a stream cannot follow the whole repository',
    ...wait,
  ];
}

/** How the registry names the next page: what proxies in front of it get wrong. */
function linkForm(link: string | undefined): 'a relative' | 'an absolute' | undefined {
  if (link === undefined) return undefined;
  return /<\s*https?:/i.test(link) ? 'an absolute' : 'a relative';
}

function pageRemarks({ names, asked, more }: TagPage): readonly string[] {
  if (asked === undefined) {
    return [
      'it refuses to be asked for so many at once: it is asked for as many as it likes to send',
    ];
  }
  if (names.length > asked) {
    return [`asked for ${asked}, it sends all at once: lists of up to 4 MiB are read`];
  }
  return more && names.length < asked
    ? [`asked for ${asked}, it sends fewer: a list takes as many requests as it has pages`]
    : [];
}

function absenceRemarks({ names, more }: TagPage, wanted: string): readonly string[] {
  if (more || wanted.includes(':') || names.includes(wanted)) return [];
  const shown = names.slice(0, SHOWN_NAMES).join(', ');
  const others = names.length > SHOWN_NAMES ? ', …' : '';
  return [`"${wanted}" is not among them${names.length === 0 ? '' : `: ${shown}${others}`}`];
}
