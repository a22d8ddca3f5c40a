import type { ImageStream, TagReference } from '@tagtrail/image-stream';
import { followTagReference } from '../streams/follow-tag-reference.ts';
import type { ImportWish } from './import-wish.ts';

/** An image to be imported. */
export interface PlannedImage {
  readonly tag: string;
  /** Pull spec. */
  readonly from: string;
  /** The tag as the stream defines it; undefined for a new one. */
  readonly existing?: TagReference;
}

/** What to import, or why not. */
export type ImportPlan =
  | { readonly kind: 'repository'; readonly from: string }
  /** At least one, in the order of the stream's definition. */
  | { readonly kind: 'images'; readonly images: readonly PlannedImage[] }
  | { readonly kind: 'refused'; readonly message: string };

/**
 * Decides what a wish means for a stream as it is now; undefined when there is none.
 *
 *     no stream ──▶ --from, or the argument itself, if confirmed
 *     --all ──────▶ --from, or the stream's repository; else all tags that come from a registry
 *     a tag ──────▶ the end of its references: as defined, or a new tag from --from
 *
 * Source: `oc import-image`.
 */
export function planImport(wish: ImportWish, stream: ImageStream | undefined): ImportPlan {
  if (stream === undefined) return planNewStream(wish);
  return wish.tag === undefined
    ? planAll(wish, stream)
    : planTag({ ...wish, tag: wish.tag }, stream);
}

function planNewStream({ name, tag, from, text, confirm }: ImportWish): ImportPlan {
  if (!confirm) {
    return refuse(`no image stream named "${name}" exists, pass --confirm to create and import`);
  }
  const source = from || text;
  return tag === undefined ? { kind: 'repository', from: source } : importOf({ tag, from: source });
}

function planAll({ from, confirm }: ImportWish, { spec }: ImageStream): ImportPlan {
  const repository = spec.dockerImageRepository ?? '';
  const source = from || repository;
  if (source === '') return planDefinedTags(spec.tags ?? []);
  if (source === repository || confirm) return { kind: 'repository', from: source };
  return refuse(
    repository === ''
      ? 'the image stream does not currently import an entire Docker repository, pass --confirm to update'
      : `the image stream has a different import spec "${repository}", pass --confirm to update`,
  );
}

function planDefinedTags(tags: readonly TagReference[]): ImportPlan {
  const images = tags.flatMap((existing) =>
    existing.from?.kind === 'DockerImage'
      ? [{ tag: existing.name, from: existing.from.name, existing }]
      : [],
  );
  if (images.length > 0) return { kind: 'images', images };
  return refuse('image stream does not have tags pointing to external container images');
}

type TagWish = ImportWish & { readonly tag: string };

function planTag(wish: TagWish, stream: ImageStream): ImportPlan {
  const { tag } = wish;
  const followed = followTagReference(stream, tag);
  if (followed.ok) return planDefinedTag(wish, followed);
  switch (followed.reason) {
    case 'invalid':
      return refuse(`tag "${tag}" points to an invalid imagestreamtag`);
    case 'cross-stream':
      return refuse(`tag "${tag}" points to an imagestreamtag from another ImageStream`);
    case 'circular':
      return refuse(`tag "${tag}" on the image stream is a reference to same tag`);
    case 'not-found':
      return planNewTag(wish, stream);
    default:
      return followed.reason satisfies never;
  }
}

function planNewTag({ tag, from }: TagWish, { spec }: ImageStream): ImportPlan {
  const source = from || (tag === 'latest' ? (spec.dockerImageRepository ?? '') : '');
  if (source !== '') return importOf({ tag, from: source });
  return refuse(
    `the tag "${tag}" does not exist on the image stream - choose an existing tag to import or use the 'tag' command to create a new tag`,
  );
}

/** Only a tag that comes from a registry can be imported again, and only from where it comes. */
function planDefinedTag(
  { tag, from }: TagWish,
  end: { readonly tag: string; readonly reference: TagReference; readonly followed: boolean },
): ImportPlan {
  const source = end.reference.from ?? undefined;
  if (source !== undefined && source.kind !== 'DockerImage') {
    return refuse(
      `tag "${tag}" points to existing ${source.kind} "${source.name}", it cannot be re-imported`,
    );
  }
  if (source === undefined) {
    return refuse(
      `tag "${tag}" already exists - you must use the 'tag' command if you want to change the source to "${from}"`,
    );
  }
  if (from === '' || from === source.name) {
    return importOf({ tag: end.tag, from: source.name, existing: end.reference });
  }
  const way = end.followed ? `points to the tag "${end.tag}" which points to` : 'points to';
  return refuse(
    `the tag "${tag}" ${way} "${source.name}" - use the 'tag' command if you want to change the source to "${from}"`,
  );
}

function importOf(image: PlannedImage): ImportPlan {
  return { kind: 'images', images: [image] };
}

function refuse(message: string): ImportPlan {
  return { kind: 'refused', message };
}
