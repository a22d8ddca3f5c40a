export type {
  BlobDraft,
  BlobStore,
  ByteRange,
  HeldBlob,
  StorageUsage,
  StoredBlob,
} from './blob-store.ts';
export { BlobStoreError, type BlobStoreErrorCode } from './blob-store-error.ts';
export { chooseEvictions, type EvictionRules } from './choose-evictions.ts';
export { type BlobUse, mayRemove } from './may-remove.ts';
export { findShortage, type Shortage, type StoreFill } from './shortage.ts';
