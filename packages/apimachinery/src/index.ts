export type { ListMeta, ObjectMeta } from './object-meta.ts';
