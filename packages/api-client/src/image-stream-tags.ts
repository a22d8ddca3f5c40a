import type { Status } from '@tagtrail/apimachinery';
import { IMAGE_API_VERSION } from '@tagtrail/image-stream';
import type { ApiConnection } from './api-connection.ts';
import { unintelligible } from './api-error.ts';
import type { ImageStreamTag, ObjectList } from './image-objects.ts';
import { imagePath } from './image-paths.ts';

const RESOURCE = 'imagestreamtags';
/** Tags asked for at once. */
const PAGE = 500;
/** Pages that `listAll` follows; half a million tags. */
const MAX_PAGES = 1_000;

export interface NamedKey {
  readonly namespace: string;
  /** `stream:tag` or `stream@digest`. */
  readonly name: string;
}

export interface TagQuery {
  /** Absent means all of them. */
  readonly namespace?: string;
  readonly labelSelector?: string;
}

/** The tags of streams. Every method throws ApiError. Source: OpenShift `image.openshift.io/v1`, imagestreamtags. */
export interface ImageStreamTags {
  get(key: NamedKey): Promise<ImageStreamTag>;
  /** All pages, without the images' bodies. */
  listAll(query?: TagQuery): Promise<readonly ImageStreamTag[]>;
  create(tag: ImageStreamTag): Promise<ImageStreamTag>;
  /** Creates what is not there, the stream included. */
  replace(tag: ImageStreamTag): Promise<ImageStreamTag>;
  delete(key: NamedKey): Promise<Status>;
}

export function createImageStreamTags(connection: ApiConnection): ImageStreamTags {
  const pathOf = ({ metadata }: ImageStreamTag, name?: string) =>
    imagePath(RESOURCE, metadata.namespace, name);
  return {
    get: ({ namespace, name }) =>
      connection.request({ path: imagePath(RESOURCE, namespace, name) }),
    listAll: (query = {}) => listTags(connection, query),
    create: (tag) => connection.request({ method: 'POST', path: pathOf(tag), body: tag }),
    replace: (tag) =>
      connection.request({ method: 'PUT', path: pathOf(tag, tag.metadata.name), body: tag }),
    delete: ({ namespace, name }) =>
      connection.request({
        method: 'DELETE',
        path: imagePath(RESOURCE, namespace, name),
        body: { kind: 'DeleteOptions', apiVersion: IMAGE_API_VERSION },
      }),
  };
}

async function listTags(
  connection: ApiConnection,
  { namespace, labelSelector }: TagQuery,
): Promise<readonly ImageStreamTag[]> {
  const tags: ImageStreamTag[] = [];
  let next: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page = await connection.request<ObjectList<ImageStreamTag>>({
      path: imagePath(RESOURCE, namespace),
      query: { limit: PAGE, labelSelector, continue: next },
    });
    tags.push(...page.items);
    next = page.metadata.continue;
    if (next === undefined) return tags;
  }
  throw unintelligible(`the list of tags has more than ${MAX_PAGES} pages`);
}
