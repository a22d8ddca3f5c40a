export type { HostLessons, LessonStore } from './host-lessons.ts';
export type { KeptToken, TokenStore, TokenTurn } from './token-store.ts';
