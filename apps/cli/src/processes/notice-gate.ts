/** ms in which a line is not repeated: a fault that lasts is said once in a while, not with every retry. */
const QUIET_PERIOD = 30_000;
/** Different lines remembered; beyond it the oldest is forgotten and may be said again. */
const REMEMBERED_LINES = 200;

/** Lets a line pass unless the same one passed a short while ago. Numbers in it do not make it another one. */
export type NoticeGate = (line: string, now: number) => boolean;

export function createNoticeGate(): NoticeGate {
  const passedAt = new Map<string, number>();
  return (line, now) => {
    const kind = line.replace(/\d+/gu, '#');
    const last = passedAt.get(kind);
    if (last !== undefined && now - last < QUIET_PERIOD) return false;
    // Deleting first keeps the map in order of time, so that the first key is the oldest.
    passedAt.delete(kind);
    passedAt.set(kind, now);
    const [oldest] = passedAt.keys();
    if (passedAt.size > REMEMBERED_LINES && oldest !== undefined) passedAt.delete(oldest);
    return true;
  };
}
