import type { RegistryEvent, ReplyEvent } from '@tagtrail/registry-client';
import { ofKind, requestTime } from './dialogue-record.ts';
import type { Step } from './examination.ts';
import { failureRemarks } from './failure-remarks.ts';
import type { Asked } from './step-request.ts';
import { wayRemarks } from './way-remarks.ts';

const OK = 200;
const NOT_FOUND = 404;
/** The path of every manifest, in the words of the protocol. */
const MANIFESTS = '/manifests/';
const BY_GET = 'manifests are asked for with GET, for an hour';

/** The digest of the tag: what a look is. */
export function headStep(
  events: readonly RegistryEvent[],
  asked: Asked<{ readonly digest?: string | undefined }>,
  now: number,
): Step {
  const replies = manifestReplies(events);
  const head = replies.findLast(({ method }) => method === 'HEAD');
  const took = requestTime(events, ({ method, url }) => method === 'HEAD' && isManifest(url));
  if (!asked.ok) return failedStep('head', asked.error, { took, now, status: head?.status });
  const { digest } = asked.value;
  const mediaType = replies.findLast(({ status }) => status === OK)?.headers['content-type'];
  return {
    name: 'head',
    verdict: 'ok',
    took,
    seen: `${digest}${mediaType === undefined ? '' : ` (${mediaType})`}`,
    remarks: [...headRemarks(head, replies), ...wayRemarks(replies)],
    facts: { status: head?.status, digest, mediaType, header: digestOf(head) },
  };
}

/** What a HEAD that told nothing leads to. */
function headRemarks(
  head: ReplyEvent | undefined,
  replies: readonly ReplyEvent[],
): readonly string[] {
  if (head === undefined || !replies.some(({ method }) => method === 'GET')) return [];
  if (head.status === OK) return [`HEAD brings no digest: ${BY_GET}, and hashed`];
  return head.status === NOT_FOUND
    ? [`HEAD is answered with 404 and GET is not: ${BY_GET}`]
    : [`HEAD is refused with ${head.status}: ${BY_GET}`];
}

/** The content of the manifest, as it is fetched when the tag has moved. */
export function getStep(
  events: readonly RegistryEvent[],
  asked: Asked<{ readonly digest: string }>,
  now: number,
): Step {
  const replies = manifestReplies(events);
  const get = replies.at(-1);
  const took = get?.took ?? requestTime(events, ({ url }) => isManifest(url));
  if (!asked.ok) return failedStep('get', asked.error, { took, now, status: get?.status });
  const { digest } = asked.value;
  const header = digestOf(get);
  const bytes = get?.size;
  return {
    name: 'get',
    verdict: 'ok',
    took,
    seen: `${bytes} bytes, which hash to ${digest}`,
    remarks: [...digestRemarks(digest, header), ...wayRemarks(replies)],
    facts: { bytes, digest, header, headerMatches: header === digest },
  };
}

function digestRemarks(computed: string, header: string | undefined): readonly string[] {
  if (header === computed) return [];
  return header === undefined
    ? ['GET brings no digest: it is computed from the content']
    : [`the header of GET names ${header}: what was computed from the content counts`];
}

function failedStep(
  name: 'head' | 'get',
  error: Parameters<typeof failureRemarks>[0],
  { took, now, status }: { took: number | undefined; now: number; status: number | undefined },
): Step {
  const facts = { status, code: error.code };
  const remarks = failureRemarks(error, now);
  return { name, verdict: 'failed', took, seen: error.message, remarks, facts };
}

/** Those to requests for manifests, and those that redirects led to; not those of token services. */
function manifestReplies(events: readonly RegistryEvent[]): readonly ReplyEvent[] {
  const realms = ofKind(events, 'challenge').map(({ chosen }) => chosen?.realm);
  return ofKind(events, 'reply').filter(
    ({ url, headers }) =>
      isManifest(url) || (!realms.includes(url) && 'docker-content-digest' in headers),
  );
}

function isManifest(url: string): boolean {
  return url.includes(MANIFESTS);
}

function digestOf(reply: ReplyEvent | undefined): string | undefined {
  return reply?.headers['docker-content-digest'];
}
