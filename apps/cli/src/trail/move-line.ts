import { formatAge } from '@tagtrail/apimachinery';
import type { Output } from '../terminal/output.ts';
import { plainText } from '../terminal/plain-text.ts';
import { styled } from '../terminal/style.ts';
import type { TagMove } from './tag-move.ts';

/** Hex digits that tell the digests of one screen apart. */
const SHOWN_DIGITS = 8;

/** `sha256:ab12cd34…`; what is no digest stays as it is. */
export function shortDigest(digest: string, digits: number = SHOWN_DIGITS): string {
  const match = /^(\w+:)([0-9a-f]+)$/u.exec(digest);
  const [, algorithm = '', hex = ''] = match ?? [];
  return hex.length <= digits ? plainText(digest) : `${algorithm}${hex.slice(0, digits)}…`;
}

/**
 * One line per move: `demo/web:latest  sha256:ab12cd34… → sha256:cd34ef56…  REMARK`, or
 * `demo/web:latest  sha256:ab12cd34… first seen` for a tag's first image.
 */
export function moveLine(move: TagMove, remark: string, output: Pick<Output, 'colors'>): string {
  const name = styled(output, 'bold', plainText(`${move.namespace}/${move.name}:${move.tag}`));
  const to = styled(output, 'green', shortDigest(move.to));
  const what = move.from === null ? `${to} first seen` : `${shortDigest(move.from)} → ${to}`;
  return remark === '' ? `${name}  ${what}` : `${name}  ${what}  ${styled(output, 'dim', remark)}`;
}

/** `seen 0.4 s after the push`; times in ms since the epoch, by the clock of one machine. */
export function pushRemark(pushedAt: number, seenAt: number): string {
  const lag = Math.max(0, seenAt - pushedAt);
  const seconds = lag / 1000;
  if (seconds >= 120) return `seen ${formatAge(lag)} after the push`;
  return `seen ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s after the push`;
}
