import { INSECURE_REPOSITORY_ANNOTATION } from '@tagtrail/image-stream';
import { insecureSourceNote } from '../streams/insecure-source-note.ts';
import { type ImportDraft, importRequest, isStreamInsecure } from './import-request.ts';
import type { PlannedImage } from './plan-import.ts';

/** What somebody should know about an import besides its outcome, a line each. */
export function importNotes(draft: ImportDraft): readonly string[] {
  return [...overruledNotes(draft), ...trustNotes(draft)];
}

/** `--insecure=false` takes back neither what the stream allows nor what the tag does. */
function overruledNotes({ wish, plan, stream }: ImportDraft): readonly string[] {
  if (wish.insecure !== false) return [];
  if (isStreamInsecure(stream)) {
    return [
      `note: --insecure=false has no effect: the annotation ${INSECURE_REPOSITORY_ANNOTATION} of image stream "${wish.name}" is "true" and counts for all its tags; to end that, apply the stream with the annotation "false"`,
    ];
  }
  const insecure = imagesOf(plan).filter(({ existing }) => existing?.importPolicy.insecure);
  return insecure.map(
    ({ tag }) =>
      `note: --insecure=false has no effect: tag "${tag}" is defined as insecure; to end that, define it anew with \`tagtrail tag\``,
  );
}

/** The reference policy of a tag that exists already stays as it is. */
function trustNotes(draft: ImportDraft): readonly string[] {
  const { repository, images = [] } = importRequest(draft).spec;
  const parts = [...images, ...(repository === undefined ? [] : [repository])];
  const defined = imagesOf(draft.plan);
  const sources = parts.filter(({ importPolicy, referencePolicy }, index) => {
    const policy = defined[index]?.existing?.referencePolicy ?? referencePolicy;
    return importPolicy.insecure === true && policy.type === 'Source';
  });
  const note = insecureSourceNote(sources.map(({ from }) => from.name));
  return note === undefined ? [] : [note];
}

function imagesOf(plan: ImportDraft['plan']): readonly PlannedImage[] {
  return plan.kind === 'images' ? plan.images : [];
}
