import type { ReplyEvent } from '@tagtrail/registry-client';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Source: Docker Hub, `98;w=21600`: how many, and of how many seconds. */
const QUOTA = /^(\d{1,9})(?:;w=(\d{1,9}))?$/;

/** What lay on the way to a reply: other hosts, and a quota. */
export function wayRemarks(replies: readonly ReplyEvent[]): readonly string[] {
  return [...redirectRemarks(replies), ...quotaRemarks(replies.at(-1))];
}

function redirectRemarks(replies: readonly ReplyEvent[]): readonly string[] {
  return replies.flatMap(({ status }, at) => {
    const next = replies[at + 1];
    if (!REDIRECTS.has(status) || next === undefined) return [];
    return [`it is redirected to ${new URL(next.url).host}: followed, and without credentials`];
  });
}

function quotaRemarks(reply: ReplyEvent | undefined): readonly string[] {
  const { 'ratelimit-limit': limit = '', 'ratelimit-remaining': remaining = '' } =
    reply?.headers ?? {};
  const [, left] = QUOTA.exec(remaining) ?? [];
  const [, all, seconds] = QUOTA.exec(limit) ?? [];
  if (left === undefined || all === undefined) return [];
  const window = seconds === undefined ? '' : ` in ${seconds} s`;
  return [
    `the registry counts: ${left} of ${all} pulls${window} are left; a look is a HEAD, and GETs follow only what moved`,
  ];
}
