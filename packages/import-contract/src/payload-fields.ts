import type { DueReason, TagKey } from '@tagtrail/image-stream';
import type { PayloadReader } from './payload-reader.ts';

/** Kubernetes object names: DNS subdomains (RFC 1123). */
const NAME_LIMIT = 253;
/** OCI distribution-spec: a tag has at most 128 characters. */
const TAG_LIMIT = 128;
/** Uids are UUIDs of 36 characters; room for another scheme. */
const UID_LIMIT = 64;

/** `from.name` is shown to its author as it was written, so it may be any text; no reference comes near this. */
export const FROM_LIMIT = 4_096;

const DUE_REASONS: Readonly<Record<DueReason, true>> = {
  'never-imported': true,
  'generation-changed': true,
  interval: true,
  cron: true,
  retry: true,
  requested: true,
};

export function readTagKey(key: PayloadReader): TagKey {
  return {
    namespace: key.text('namespace', NAME_LIMIT),
    name: key.text('name', NAME_LIMIT),
    uid: key.text('uid', UID_LIMIT),
    tag: key.text('tag', TAG_LIMIT),
  };
}

/** The fields only, in case a caller's object holds more. */
export function tagKeyFields({ namespace, name, uid, tag }: TagKey): TagKey {
  return { namespace, name, uid, tag };
}

export function readDueReason(payload: PayloadReader): DueReason {
  return payload.oneOf('reason', DUE_REASONS, 'interval');
}
