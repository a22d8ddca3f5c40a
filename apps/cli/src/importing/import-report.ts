import type { ImageImportStatus, ImageStreamImport } from '@tagtrail/api-client';
import { describeImage } from '../describe/describe-image.ts';
import { describeImageStream } from '../describe/describe-image-stream.ts';
import { STREAM_RESOURCE } from '../streams/resource.ts';
import { plainText } from '../terminal/plain-text.ts';

/** An answer as it is told. */
export interface ImportReport {
  readonly hasFailed: boolean;
  /** For people; ends in an empty line. */
  readonly text: string;
  /** What failed, a line each. */
  readonly errors: readonly string[];
}

/** The words of `oc import-image` for an answer. `now` in ms since the epoch, for the ages. */
export function reportImport(
  answer: ImageStreamImport,
  { dryRun, now }: { readonly dryRun: boolean; readonly now: number },
): ImportReport {
  const hasFailed = isFailure(answer);
  const outcome = `imported${hasFailed ? ' with errors' : ''}${dryRun ? ' (dry run)' : ''}`;
  const parts = [
    `${STREAM_RESOURCE}/${answer.metadata.name} ${outcome}\n`,
    ...(answer.status.import ? [describeImageStream(answer.status.import, now)] : []),
    ...describedImages(answer, now),
    ...additionalLines(answer),
  ];
  return { hasFailed, text: parts.map((part) => `${part}\n`).join(''), errors: errorsOf(answer) };
}

/** A failed image of a repository makes the repository fail, or does not count. */
function isFailure({ status }: ImageStreamImport): boolean {
  const images = status.images ?? [];
  return [status.repository?.status, ...images.map((image) => image.status)].some(
    (each) => each?.status === 'Failure',
  );
}

function describedImages(answer: ImageStreamImport, now: number): readonly string[] {
  const { name } = answer.metadata;
  return [...repositoryImages(answer), ...taggedImages(answer)].flatMap(({ image, tag = '' }) =>
    image ? [describeImage(image, `${name}:${tag}`, now)] : [],
  );
}

function repositoryImages({ status }: ImageStreamImport): readonly ImageImportStatus[] {
  return status.repository?.images ?? [];
}

/** An answer without a tag's name is about the tag that was asked for in its place. */
function taggedImages({ spec, status }: ImageStreamImport): readonly ImageImportStatus[] {
  return (status.images ?? []).map((image, index) => ({
    ...image,
    tag: image.tag || (spec.images?.[index]?.to.name ?? ''),
  }));
}

function additionalLines({ status }: ImageStreamImport): readonly string[] {
  const tags = status.repository?.additionalTags ?? [];
  if (tags.length === 0) return [];
  const names = tags.map(plainText).join(', ');
  return [
    `\ninfo: The remote repository contained ${tags.length} additional tags which were not imported: ${names}`,
  ];
}

function errorsOf(answer: ImageStreamImport): readonly string[] {
  const ofRepository = errorsOfImages('repository tag', repositoryImages(answer));
  const own = ofRepository.length === 0 ? repositoryErrors(answer) : [];
  return [...own, ...ofRepository, ...errorsOfImages('tag', taggedImages(answer))];
}

function errorsOfImages(what: string, images: readonly ImageImportStatus[]): readonly string[] {
  return images
    .filter(({ image }) => !image)
    .map(({ tag = '', status }) => errorLine(`${what} ${tag}`, status.message));
}

/** A repository that could not be listed. `oc` does not tell why. */
function repositoryErrors({ spec, status }: ImageStreamImport): readonly string[] {
  const { repository } = status;
  if (repository?.status?.status !== 'Failure') return [];
  return [errorLine(`repository ${spec.repository?.from.name ?? ''}`, repository.status.message)];
}

function errorLine(what: string, message = ''): string {
  return `error: ${plainText(what)} failed: ${plainText(message)}`;
}
