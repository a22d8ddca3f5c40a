import type { ResourceName } from '@tagtrail/apimachinery';

export const IMAGE_GROUP = 'image.openshift.io';

/** Names an image stream in Status messages; without a name, the collection. */
export function imageStreamNamed(name: string): ResourceName {
  return { group: IMAGE_GROUP, resource: 'imagestreams', kind: 'ImageStream', name };
}
