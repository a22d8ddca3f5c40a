import { slotKey } from '@tagtrail/redis-connection';

/** HASH: a field per filled slot, and OPEN_FIELD as long as somebody waits. In the records' slot: commits fill it. */
export function requestKey(slot: string, id: string): string {
  return slotKey(slot, 'request', id);
}

/** STREAM: answers for all requests of one waiting process. */
export function repliesKey(slot: string, replyTo: string): string {
  return slotKey(slot, 'replies', replyTo);
}

/** Makes the hash exist before any slot is filled. */
export const OPEN_FIELD = 'open';
