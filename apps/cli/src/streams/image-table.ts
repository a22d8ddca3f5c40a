import type { ImageObject, ImageStreamImage, ImageStreamTag } from '@tagtrail/api-client';
import { ageAgo } from '../terminal/relative-age.ts';
import type { TableColumn } from '../terminal/table.ts';
import { type KnownChecks, tagFreshness } from './tell-freshness.ts';

interface Style {
  readonly wide: boolean;
  readonly withNamespace: boolean;
  /** ms since the epoch. */
  readonly now: number;
  /** What tells how fresh tags are; without it, nothing does. */
  readonly checks?: KnownChecks | undefined;
}

/** The columns of `get istag`. Source: the ImageStreamTag table of OpenShift. */
export function streamTagColumns(style: Style): readonly TableColumn<ImageStreamTag>[] {
  const namespace: TableColumn<ImageStreamTag> = {
    header: 'NAMESPACE',
    cell: ({ metadata }) => metadata.namespace ?? '',
  };
  const { checks, now } = style;
  const freshness: TableColumn<ImageStreamTag>[] =
    checks === undefined
      ? []
      : [{ header: 'FRESHNESS', cell: ({ metadata }) => tagFreshness(checks, metadata, now) }];
  return [
    ...(style.withNamespace ? [namespace] : []),
    { header: 'NAME', cell: ({ metadata }) => metadata.name },
    { header: 'IMAGE REFERENCE', cell: ({ image }) => image?.dockerImageReference ?? '' },
    { header: 'UPDATED', cell: ({ metadata }) => ageAgo(metadata.creationTimestamp, style.now) },
    ...(style.wide ? [{ header: 'IMAGE NAME', cell: imageName }, ...freshness] : []),
  ];
}

/** The columns of `get isimage`. Source: the ImageStreamImage table of OpenShift. */
export function streamImageColumns(
  style: Omit<Style, 'withNamespace' | 'checks'>,
): readonly TableColumn<ImageStreamImage>[] {
  const wide: readonly TableColumn<ImageStreamImage>[] = [
    { header: 'IMAGE REFERENCE', cell: ({ image }) => image.dockerImageReference ?? '' },
    { header: 'IMAGE NAME', cell: imageName },
  ];
  return [
    { header: 'NAME', cell: ({ metadata }) => metadata.name },
    { header: 'UPDATED', cell: ({ metadata }) => ageAgo(metadata.creationTimestamp, style.now) },
    ...(style.wide ? wide : []),
  ];
}

/** The columns of `get image`. Source: the Image table of OpenShift. */
export const imageColumns: readonly TableColumn<ImageObject>[] = [
  { header: 'NAME', cell: ({ metadata }) => metadata.name },
  { header: 'IMAGE REFERENCE', cell: (image) => image.dockerImageReference ?? '' },
];

function imageName({ image }: { readonly image?: ImageObject | null }): string {
  return image?.metadata.name ?? '';
}
