/** The prefix of the queue's keys for a record slot: a slot of its own, so that queue and records may part. */
export function queuePrefix(slot: string): string {
  return `{${slot}-queue}`;
}
