/** Longest header that is looked at: a list of some digests. */
const HEADER_LENGTH = 4_096;

/** The entity tag of content: its digest. */
export function entityTag(digest: string): string {
  return `"${digest}"`;
}

/** Whether `If-None-Match` names this content: quoted, bare, weak, in a list, or as `*`. Source: RFC 9110 §13.1.2. */
export function isNamedBy(header: string | undefined, digest: string): boolean {
  if (header === undefined || header.length > HEADER_LENGTH) return false;
  return header.split(',').some((one) => {
    const tag = one.trim().replace(/^W\//, '');
    return tag === '*' || tag === digest || tag === entityTag(digest);
  });
}
