import type { ResourceName } from '@tagtrail/apimachinery';
import { IMAGE_GROUP } from '../image-streams/image-stream-resource.ts';

/** Names a request to import in Status messages; without a name, the collection. */
export function imageStreamImportNamed(name: string): ResourceName {
  return { group: IMAGE_GROUP, resource: 'imagestreamimports', kind: 'ImageStreamImport', name };
}
