import { type Principal, permits } from '@tagtrail/access-control';
import type { ImageStreamStore } from '@tagtrail/image-stream';
import { forbiddenObject } from '../http/authorize-request.ts';
import { StatusError } from '../status-error.ts';
import { imageStreamNamed } from './image-stream-resource.ts';

type Streams = Pick<ImageStreamStore, 'read' | 'commit'>;

/**
 * The streams as one principal may read them. A write may name streams of other namespaces to copy tags from, and what
 * it copies its writer can read: so whoever may not view those does not get them. `read` throws StatusError Forbidden.
 */
export function streamsInView(streams: Streams, principal: Principal): Streams {
  return {
    commit: (change) => streams.commit(change),
    async read(key) {
      if (permits(principal, 'view', key.namespace)) return streams.read(key);
      const { group, resource } = imageStreamNamed(key.name);
      const reason = `token "${principal.name}" cannot get resource "${resource}" in API group "${group}" in the namespace ${JSON.stringify(key.namespace)}`;
      throw new StatusError(forbiddenObject(imageStreamNamed(key.name), reason));
    },
  };
}
