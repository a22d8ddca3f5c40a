import type { DueReason, ImportMode, StreamKey, TagKey } from '@tagtrail/image-stream';
import type { PayloadReader } from './payload-reader.ts';

/** Kubernetes object names: DNS subdomains (RFC 1123). */
const NAME_LIMIT = 253;
/** OCI distribution-spec: a tag has at most 128 characters. */
export const TAG_LIMIT = 128;
/** Uids are UUIDs of 36 characters; room for another scheme. */
const UID_LIMIT = 64;

/** `from.name` is shown to its author as it was written, so it may be any text; no reference comes near this. */
export const FROM_LIMIT = 4_096;

/** A DNS name (253), a colon and a port. */
const REGISTRY_LIMIT = 259;

const DUE_REASONS: Readonly<Record<DueReason, true>> = {
  'never-imported': true,
  'generation-changed': true,
  interval: true,
  cron: true,
  retry: true,
  requested: true,
};

const IMPORT_MODES: Readonly<Record<ImportMode, true>> = {
  Legacy: true,
  PreserveOriginal: true,
};

/** A stream in one of its lives. */
export type StreamLifeKey = StreamKey & { readonly uid: string };

export function readStreamKey(key: PayloadReader): StreamLifeKey {
  return {
    namespace: key.text('namespace', NAME_LIMIT),
    name: key.text('name', NAME_LIMIT),
    uid: key.text('uid', UID_LIMIT),
  };
}

export function readTagKey(key: PayloadReader): TagKey {
  return { ...readStreamKey(key), tag: key.text('tag', TAG_LIMIT) };
}

/** The fields only, in case a caller's object holds more. */
export function streamKeyFields({ namespace, name, uid }: StreamLifeKey): StreamLifeKey {
  return { namespace, name, uid };
}

/** The fields only, in case a caller's object holds more. */
export function tagKeyFields({ namespace, name, uid, tag }: TagKey): TagKey {
  return { namespace, name, uid, tag };
}

export function readDueReason(payload: PayloadReader): DueReason {
  return payload.oneOf('reason', DUE_REASONS, 'interval');
}

export function readImportMode(payload: PayloadReader): ImportMode {
  return payload.oneOf('importMode', IMPORT_MODES, 'Legacy');
}

/** The canonical host that was asked; empty where none could be read out of `from`. */
export function readRegistry(payload: PayloadReader): string {
  return payload.text('registry', REGISTRY_LIMIT, 'empty');
}
