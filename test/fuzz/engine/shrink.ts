/** Texts tried at most: each may be slow. */
const ATTEMPTS = 2_000;

/** Takes out of a failing text what it fails without: halves first, then ever smaller pieces. */
export function shrink(text: string, fails: (text: string) => boolean): string {
  let smallest = text;
  let attempts = 0;
  for (let size = Math.ceil(text.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < smallest.length && attempts < ATTEMPTS; attempts += 1) {
      const shorter = smallest.slice(0, at) + smallest.slice(at + size);
      if (fails(shorter)) smallest = shorter;
      else at += size;
    }
  }
  return smallest;
}
