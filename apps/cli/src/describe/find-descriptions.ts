import type { ImageStreamTag, NamedKey } from '@tagtrail/api-client';
import type { ImageStream } from '@tagtrail/image-stream';
import { CliError } from '../cli-error.ts';
import type { Session } from '../connection/open-session.ts';
import type { GetFlags, GetRequest } from '../streams/found-objects.ts';
import { type ObjectKind, parseStreamTag } from '../streams/resource.ts';
import { describeImage } from './describe-image.ts';
import { describeImageStream } from './describe-image-stream.ts';
import { describeStreamTable } from './describe-stream-table.ts';
import { listingFailure } from './listing-failure.ts';

export interface DescribeFlags extends GetFlags {
  /** `table` is how OpenShift 3.0 to 3.2 described streams. */
  readonly format?: 'table';
}

export interface DescribeRequest extends GetRequest {
  readonly kind: DescribedKind;
  readonly flags: DescribeFlags;
}

/** Of the others, everything is in their tables. */
export type DescribedKind = Exclude<ObjectKind, 'checks' | 'secret' | 'token'>;

/** Reads one object and describes it. Throws ApiError. */
export type Description = () => Promise<string>;

/** One description for each object that a request is about. Throws ApiError. */
export function findDescriptions(request: DescribeRequest): Promise<readonly Description[]> {
  return FINDERS[request.kind](request);
}

const FINDERS: Readonly<
  Record<DescribedKind, (request: DescribeRequest) => Promise<readonly Description[]>>
> = {
  is: describeStreams,
  istag: describeTags,
  isimage: async ({ session, names }) =>
    names.map((name) => async () => {
      const { image } = await session.api.images.getOfStream({ ...scope(session), name });
      return describeImage(image, image.metadata.name, Date.now());
    }),
  image: async ({ session, names }) =>
    names.map((name) => async () => {
      return describeImage(await session.api.images.get(name), '', Date.now());
    }),
};

async function describeStreams(request: DescribeRequest): Promise<readonly Description[]> {
  const { session, names, flags } = request;
  const shown = (stream: ImageStream) =>
    flags.format === 'table'
      ? describeStreamTable(stream, Date.now())
      : streamText(session, stream);
  const { streams } = session.api;
  if (names.length > 0) {
    return names.map((name) => async () => shown(await streams.get({ ...scope(session), name })));
  }
  const { items } = await streams.listAll(listQuery(request));
  return items.map((stream) => async () => shown(stream));
}

async function streamText({ api }: Session, stream: ImageStream): Promise<string> {
  const now = Date.now();
  return `${describeImageStream(stream, now)}${await listingFailure(api, stream, now)}`;
}

/** A list of tags comes without the images' bodies, so each is read by itself. */
async function describeTags(request: DescribeRequest): Promise<readonly Description[]> {
  const { session, names } = request;
  const { tags } = session.api;
  const keys: readonly NamedKey[] =
    names.length > 0
      ? names.map((name) => ({ ...scope(session), name }))
      : (await tags.listAll(listQuery(request))).map(({ metadata }) => ({
          namespace: metadata.namespace ?? session.namespace,
          name: metadata.name,
        }));
  const describe = request.flags.format === 'table' ? tagTable : tagText;
  return keys.map((key) => () => describe(session, key));
}

async function tagText({ api }: Session, key: NamedKey): Promise<string> {
  return tagDescription(await api.tags.get(key));
}

/** The stream's table with this tag's rows only. Reading the tag says whether there is one. */
async function tagTable({ api }: Session, key: NamedKey): Promise<string> {
  await api.tags.get(key);
  const { name, tag } = parseStreamTag(key.name);
  const { spec, status, ...rest } = await api.streams.get({ namespace: key.namespace, name });
  const one: ImageStream = {
    ...rest,
    spec: { ...spec, tags: (spec.tags ?? []).filter((each) => each.name === tag) },
    status: { ...status, tags: (status.tags ?? []).filter((each) => each.tag === tag) },
  };
  return describeStreamTable(one, Date.now());
}

function tagDescription({ metadata, image }: ImageStreamTag): string {
  if (image) return describeImage(image, image.metadata.name, Date.now());
  throw new CliError('connection', `the server knows no image of ${metadata.name}`);
}

function scope({ namespace }: { readonly namespace: string }) {
  return { namespace };
}

function listQuery({ namespace, flags }: DescribeRequest) {
  return {
    ...(namespace !== undefined && { namespace }),
    ...(flags.selector !== undefined && { labelSelector: flags.selector }),
  };
}
