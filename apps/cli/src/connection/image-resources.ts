import type { Status } from '@tagtrail/apimachinery';
import { IMAGE_API_VERSION } from '@tagtrail/image-stream';
import { CliError } from '../cli-error.ts';
import type { ImageObject, ImageStreamImage, ImageStreamTag, ObjectList } from './image-objects.ts';
import type { SendRequest } from './send-request.ts';

const GROUP = `/apis/${IMAGE_API_VERSION}`;
/** Objects asked for at once. */
const PAGE = 500;
/** Pages that are followed; half a million objects. */
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

/** The tags of streams, and the images they point to. Every method throws ApiError. */
export interface ImageResources {
  readonly tags: {
    get(key: NamedKey): Promise<ImageStreamTag>;
    /** All pages, without the images' bodies. */
    listAll(query: TagQuery): Promise<readonly ImageStreamTag[]>;
    create(tag: ImageStreamTag): Promise<ImageStreamTag>;
    /** Creates what is not there, the stream included. */
    replace(tag: ImageStreamTag): Promise<ImageStreamTag>;
    delete(key: NamedKey): Promise<Status>;
  };
  getStreamImage(key: NamedKey): Promise<ImageStreamImage>;
  /** `digest` names an image of any stream. */
  getImage(digest: string): Promise<ImageObject>;
}

/** Source: OpenShift `image.openshift.io/v1`: imagestreamtags, imagestreamimages, images. */
export function createImageResources(send: SendRequest): ImageResources {
  const pathOf = (tag: ImageStreamTag, name?: string) =>
    path('imagestreamtags', tag.metadata.namespace, name);
  return {
    tags: {
      get: ({ namespace, name }) => send({ path: path('imagestreamtags', namespace, name) }),
      listAll: (query) => listTags(send, query),
      create: (tag) => send({ method: 'POST', path: pathOf(tag), body: tag }),
      replace: (tag) => send({ method: 'PUT', path: pathOf(tag, tag.metadata.name), body: tag }),
      delete: ({ namespace, name }) =>
        send({
          method: 'DELETE',
          path: path('imagestreamtags', namespace, name),
          body: { kind: 'DeleteOptions', apiVersion: IMAGE_API_VERSION },
        }),
    },
    getStreamImage: ({ namespace, name }) =>
      send({ path: path('imagestreamimages', namespace, name) }),
    getImage: (digest) => send({ path: path('images', undefined, digest) }),
  };
}

async function listTags(
  send: SendRequest,
  { namespace, labelSelector }: TagQuery,
): Promise<readonly ImageStreamTag[]> {
  const tags: ImageStreamTag[] = [];
  let next: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const query = new URLSearchParams({ limit: String(PAGE) });
    if (labelSelector !== undefined) query.set('labelSelector', labelSelector);
    if (next !== undefined) query.set('continue', next);
    const page = await send<ObjectList<ImageStreamTag>>({
      path: `${path('imagestreamtags', namespace)}?${query}`,
    });
    tags.push(...page.items);
    next = page.metadata.continue;
    if (next === undefined) return tags;
  }
  throw new CliError('connection', `the list of tags has more than ${MAX_PAGES} pages`);
}

function path(resource: string, namespace: string | undefined, name?: string): string {
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${GROUP}${scope}/${resource}${name === undefined ? '' : `/${encodeName(name)}`}`;
}

/** As clients of OpenShift write `stream:tag` and `stream@digest`: `:` and `@` need no escape within a path. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll('%3A', ':').replaceAll('%40', '@');
}
