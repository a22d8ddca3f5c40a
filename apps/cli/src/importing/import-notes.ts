import { INSECURE_REPOSITORY_ANNOTATION, type TagReference } from '@tagtrail/image-stream';
import { insecureSourceNote } from '../streams/insecure-source-note.ts';
import { type ImportDraft, importRequest, isStreamInsecure } from './import-request.ts';
import { namedTags } from './named-tags.ts';
import type { PlannedImage } from './plan-import.ts';

/** What somebody should know about an import besides its outcome, a line each; programs are told of what has no effect only. */
export function importNotes(draft: ImportDraft, forPrograms: boolean): readonly string[] {
  const trust = forPrograms ? [] : trustNotes(draft);
  return [...overruledNotes(draft), ...keptNotes(draft), ...trust];
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

/** An import changes neither the reference policy of a tag that exists already nor that it is scheduled. */
function keptNotes({ wish, plan }: ImportDraft): readonly string[] {
  const { scheduled, referencePolicy: policy } = wish;
  const defined = imagesOf(plan).flatMap(({ existing }) => existing ?? []);
  const stay = defined.filter(({ importPolicy }) => importPolicy.scheduled === true);
  const other = defined.filter(({ referencePolicy }) => referencePolicy.type !== policy);
  return [
    ...(scheduled === false ? noEffect('--scheduled=false', stay) : []),
    ...(policy === undefined ? [] : noEffect(`--reference-policy=${policy.toLowerCase()}`, other)),
  ];
}

function noEffect(flag: string, tags: readonly TagReference[]): readonly string[] {
  if (tags.length === 0) return [];
  const named = namedTags(tags.map(({ name }) => name));
  return [
    `note: ${flag} has no effect on ${named}, defined otherwise; to change that, define anew with \`tagtrail tag\``,
  ];
}

/**
 * Only for who asks for trust with this very command: the others have been told. The reference policy of a tag that
 * exists already stays as it is.
 */
function trustNotes(draft: ImportDraft): readonly string[] {
  if (draft.wish.insecure !== true) return [];
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
