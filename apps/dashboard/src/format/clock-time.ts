const seconds = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const minutes = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** `14:03:22` in the reader's time zone; 24 hours, which is shorter and cannot be mistaken. */
export function formatTime(ms: number): string {
  return seconds.format(ms);
}

/** `14:03`. */
export function formatMinute(ms: number): string {
  return minutes.format(ms);
}
