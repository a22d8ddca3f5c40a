import { isTagName } from '@tagtrail/image-reference';
import { CliError } from '../cli-error.ts';

/** DEST taken apart at its slash. */
export interface TagDestination {
  readonly namespace: string;
  /** `stream:tag`, as written and not yet checked. */
  readonly nameAndTag: string;
}

/** A tag of a stream. */
export interface StreamTagKey {
  readonly namespace: string;
  readonly stream: string;
  readonly tag: string;
}

/** Reads `[NAMESPACE/]STREAM:TAG` up to its slash. Throws CliError `usage`. Source: `oc tag`. */
export function parseDestination(text: string, namespace: string): TagDestination {
  const [first = '', second, ...rest] = text.split('/');
  if (second === undefined) return { namespace, nameAndTag: text };
  if (rest.length > 0) throw new CliError('usage', `invalid image stream "${text}"`);
  if (first === '') throw new CliError('usage', `invalid namespace "" for image stream "${text}"`);
  if (second === '' || second.startsWith(':'))
    throw new CliError('usage', `invalid name "" for image stream "${text}"`);
  return { namespace: first, nameAndTag: second };
}

/** The stream and tag of a destination; no tag after the colon means `latest`. Throws CliError `usage`. */
export function splitDestination({ namespace, nameAndTag }: TagDestination): StreamTagKey {
  const colon = nameAndTag.indexOf(':');
  if (colon <= 0) throw new CliError('usage', formProblem(nameAndTag));
  const tag = nameAndTag.slice(colon + 1) || 'latest';
  return { namespace, stream: nameAndTag.slice(0, colon), tag };
}

export function formProblem(nameAndTag: string): string {
  return `"${nameAndTag}" must be of the form <stream_name>:<tag>`;
}

/** Throws CliError `usage` for a tag that no registry takes. */
export function checkTagName(tag: string): void {
  if (isTagName(tag)) return;
  const rule =
    "tags must start with an alphanumeric character followed by alphanumeric, '.' or '-' characters, and have a maximum of 128 characters";
  throw new CliError('usage', `invalid tag "${tag}" format, ${rule}`);
}
