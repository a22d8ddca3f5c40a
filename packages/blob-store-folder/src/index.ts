export type { BlobFolderLimits } from './folder-limits.ts';
export { type BlobFolderOptions, openBlobFolder } from './open-blob-folder.ts';
