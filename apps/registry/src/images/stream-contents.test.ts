import { expect, it } from 'vitest';
import { digestOf } from '../testing/a-draft.ts';
import { aStream } from '../testing/a-stream.ts';
import { ManifestDocuments } from './manifest-documents.ts';
import { StreamContents } from './stream-contents.ts';

const TYPE = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar';
const named = (mediaType: string, text: string) => ({
  mediaType,
  digest: digestOf(Buffer.from(text)),
  size: text.length,
});
const manifestOf = (layer: string) =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: TYPE,
    config: named(CONFIG, '{}'),
    layers: [named(LAYER, layer)],
  });

/** A stream whose tag was at images of these layers, newest first; those beyond the first are in its history alone. */
function streamOf(layers: readonly string[]) {
  const documents = new Map(
    layers.map((layer) => {
      const manifest = manifestOf(layer);
      return [
        digestOf(Buffer.from(manifest)) as string,
        { manifest, mediaType: TYPE, config: '{}' },
      ];
    }),
  );
  const images = [...documents.keys()];
  const event = (image: string) => ({
    created: '',
    dockerImageReference: '',
    image,
    generation: 1,
  });
  const made = aStream({});
  const tags = [{ tag: 'latest', items: images.slice(0, 1).map(event) }];
  const stream = { ...made, status: { ...made.status, tags } };
  const reads: string[] = [];
  const read = async (digest: string) => {
    reads.push(digest);
    const found = documents.get(digest);
    return found && { digest, dockerImageReference: '', ...found };
  };
  let histories = 0;
  const history = async (_: unknown, { offset }: { readonly offset: number }) => {
    histories += 1;
    return images.slice(offset).map(event);
  };
  const contents = new StreamContents({
    documents: new ManifestDocuments({ read }),
    streams: { history },
  });
  return { stream, contents, reads, histories: () => histories, images };
}

it('finds blobs of images of long ago, and what their manifests are', async () => {
  const { stream, contents, images } = streamOf(['new', 'old', 'oldest']);
  const found = await contents.find(stream, named(LAYER, 'oldest').digest);
  expect([found?.size, ...(found?.holders ?? [])]).toEqual([6, images[2]]);
  const config = await contents.find(stream, named(CONFIG, '{}').digest);
  expect(config && String(await contents.configOf(config))).toBe('{}');
  expect(found && (await contents.configOf(found))).toBeUndefined();
});

it('looks once for what is not there, until the record is another one', async () => {
  const { stream, contents, reads, histories } = streamOf(['new', 'old']);
  const missing = digestOf(Buffer.from('missing'));
  expect(await contents.find(stream, missing)).toBeUndefined();
  const [read, asked] = [reads.length, histories()];
  expect(await contents.find(stream, missing)).toBeUndefined();
  expect([reads.length, histories()]).toEqual([read, asked]);
  expect(await contents.find({ ...stream }, missing)).toBeUndefined();
  expect([reads.length, histories()]).toEqual([read, asked + 1]);
});

it('reads one manifest at most for what the newest image has', async () => {
  const { stream, contents, reads } = streamOf(['new']);
  await contents.find(stream, named(LAYER, 'new').digest);
  expect(reads).toHaveLength(1);
});
