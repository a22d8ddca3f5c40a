export type {
  BlobDraft,
  BlobStore,
  ByteRange,
  HeldBlob,
  StorageUsage,
  StoredBlob,
} from './blob-store.ts';
export { BlobStoreError, type BlobStoreErrorCode } from './blob-store-error.ts';
