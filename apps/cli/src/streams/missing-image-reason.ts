import { type ImageStream, type NamedTagEventList, statusTag } from '@tagtrail/image-stream';
import { followTagReference } from './follow-tag-reference.ts';

/** Why the last import of a tag, or of the one that it follows, failed; undefined when it did not. */
export function importFailure(stream: ImageStream, tag: string): string | undefined {
  const end = followTagReference(stream, tag);
  const failure = failedCondition(statusTag(stream, end.tag));
  if (failure === undefined) return undefined;
  const whose =
    end.tag === tag ? 'its import' : `the import of the tag "${end.tag}", which it tracks,`;
  return `${whose} failed (${failure.reason}): ${failure.message}`;
}

function failedCondition(status: NamedTagEventList | undefined) {
  return status?.conditions?.find(
    ({ type, status: state }) => type === 'ImportSuccess' && state === 'False',
  );
}

/** Why a tag that is defined has no image; undefined when nothing more is known than that it is not there yet. */
export function missingImageReason(stream: ImageStream, tag: string): string | undefined {
  const end = followTagReference(stream, tag);
  if (!end.ok && end.reason === 'not-found' && end.tag !== tag) {
    return `it tracks the tag "${end.tag}", which does not exist`;
  }
  if (!end.ok && end.reason === 'circular') return 'the tags that it tracks lead in a circle';
  return importFailure(stream, tag);
}
