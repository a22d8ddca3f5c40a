import type { ImageDocument, TagEvent } from '@tagtrail/image-stream';
import { anEvent, aStream, digest, moveTag } from './a-stream.ts';
import { imageDocument } from './an-image.ts';
import type { ApiForTest } from './open-api-for-test.ts';

/** Makes a stream whose tag `latest` has an image with a document; answers the tag's event. */
export async function anImportedTag(
  { client, store }: ApiForTest,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  image: string = digest('1'),
  document: Partial<ImageDocument> = imageDocument,
): Promise<TagEvent> {
  const sources = { latest: `quay.io/acme/${name}:latest` };
  await client.streams.create(aStream(name, { namespace, sources }));
  const event = anEvent({ image, dockerImageReference: `quay.io/acme/${name}@${image}` });
  await moveTag(store, { namespace, name, tag: 'latest' }, event, document);
  return event;
}
