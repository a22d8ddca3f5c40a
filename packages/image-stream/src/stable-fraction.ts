const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Maps a text to the same number in [0, 1) on every machine (FNV-1a, 32 bits, with a final mix). */
export function stableFraction(text: string): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  }
  // FNV alone leaves the high bits of short, similar texts close together; repositories must spread.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
