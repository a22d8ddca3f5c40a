import { formatAge } from '@tagtrail/apimachinery';
import {
  describeFreshness,
  type Image,
  type ImageStreamImage,
  type ImageStreamTag,
} from '@tagtrail/image-stream';
import type { StreamFreshness } from '../checks/freshness-reader.ts';
import { FRESHNESS_COLUMN, type TableColumn, type TableLayout } from '../http/table.ts';

const REFERENCE = 'Where the image can be pulled from.';
const UPDATED = 'How long ago the tag got the image.';
const IMAGE_NAME = 'Digest of the image.';

/** The table of `oc get istag`. Source: OpenShift's table printer. */
export function imageStreamTagLayout(freshness: TagFreshness): TableLayout<ImageStreamTag> {
  return {
    columns: [
      column('Name', 'Stream and tag.', { format: 'name' }),
      column('Image Reference', REFERENCE),
      column('Updated', UPDATED),
      column('Image Name', IMAGE_NAME, { priority: 1 }),
      FRESHNESS_COLUMN,
    ],
    cellsOf: ({ metadata, image }, now) => {
      const own = freshness.get(metadata.uid ?? '')?.get(tagOf(metadata.name));
      return [
        metadata.name,
        image.dockerImageReference ?? '',
        age(metadata.creationTimestamp, now),
        image.metadata.name,
        own === undefined ? '' : describeFreshness(own, now),
      ];
    },
  };
}

/** Uid of a stream → how fresh its tags are. */
export type TagFreshness = ReadonlyMap<string, StreamFreshness>;

/** The table of `oc get isimage`. Source: OpenShift's table printer. */
export const IMAGE_STREAM_IMAGE_LAYOUT: TableLayout<ImageStreamImage> = {
  columns: [
    column('Name', 'Stream and image.', { format: 'name' }),
    column('Updated', UPDATED),
    column('Image Reference', REFERENCE, { priority: 1 }),
    column('Image Name', IMAGE_NAME, { priority: 1 }),
  ],
  cellsOf: ({ metadata, image }, now) => [
    metadata.name,
    age(metadata.creationTimestamp, now),
    image.dockerImageReference,
    image.metadata.name,
  ],
};

/** The table of `oc get image`. Source: OpenShift's table printer. */
export const IMAGE_LAYOUT: TableLayout<Image> = {
  columns: [column('Name', IMAGE_NAME, { format: 'name' }), column('Image Reference', REFERENCE)],
  cellsOf: ({ metadata, dockerImageReference }) => [metadata.name, dockerImageReference],
};

/** What stands behind the colon. */
function tagOf(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function age(created: string | undefined, now: number): string {
  return created === undefined ? '' : `${formatAge(now - Date.parse(created))} ago`;
}

function column(
  name: string,
  description: string,
  { format = '', priority = 0 }: { readonly format?: string; readonly priority?: number } = {},
): TableColumn {
  return { name, type: 'string', format, description, priority };
}
