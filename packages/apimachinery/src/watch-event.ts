import type { Status } from './status.ts';

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

/** One frame of a watch; an `ERROR` frame carries a Status. Source: Kubernetes meta/v1 `WatchEvent`. */
export interface WatchEvent<T> {
  readonly type: WatchEventType;
  readonly object: T | Status;
}
