/**
 * The order in which the tags of a repository matter: `latest`, then minor versions (`5.1`, `v5.1`, `5.1-rc1`)
 * newest first, then full versions newest first, then everything else by name.
 * Source: OpenShift `PrioritizeTags`; a bare `3` is no version.
 */
export function prioritizeTags(tags: readonly string[]): readonly string[] {
  return tags
    .map((tag) => ({ tag, rank: rankOf(tag) }))
    .sort((a, b) => compareRanked(a, b))
    .map(({ tag }) => tag);
}

interface Version {
  /** Major, minor, and patch where there is one. */
  readonly numbers: readonly number[];
  readonly prerelease: readonly string[];
  readonly prefix: string;
}

interface Rank {
  /** 0 latest, 1 minor version, 2 full version, 3 the rest. */
  readonly group: 0 | 1 | 2 | 3;
  readonly version: Version | undefined;
}

interface Ranked {
  readonly tag: string;
  readonly rank: Rank;
}

/** A number too long to compare as one is a date or a build id, not a version. */
const MINOR = /^(v?)(\d{1,15})\.(\d{1,15})(?:-([a-z\d.-]+))?$/i;
const FULL = /^(v?)(\d{1,15})\.(\d{1,15})\.(\d{1,15})(?:-([a-z\d.-]+))?(?:\+[a-z\d.-]+)?$/i;

function rankOf(tag: string): Rank {
  if (tag === 'latest') return { group: 0, version: undefined };
  const minor = MINOR.exec(tag);
  if (minor) return { group: 1, version: versionOf(minor, 2) };
  const full = FULL.exec(tag);
  return full ? { group: 2, version: versionOf(full, 3) } : { group: 3, version: undefined };
}

function versionOf(match: RegExpExecArray, count: number): Version {
  const numbers = match.slice(2, 2 + count).map(Number);
  const prerelease = match[2 + count]?.split('.') ?? [];
  return { numbers, prerelease, prefix: match[1] ?? '' };
}

function compareRanked(a: Ranked, b: Ranked): number {
  if (a.rank.group !== b.rank.group) return a.rank.group - b.rank.group;
  const [left, right] = [a.rank.version, b.rank.version];
  const newerFirst = left && right ? compareVersions(right, left) : 0;
  if (newerFirst !== 0) return newerFirst;
  return compareText(left?.prefix ?? '', right?.prefix ?? '') || compareText(a.tag, b.tag);
}

/** Precedence of semantic versions: a release is newer than its pre-releases. Source: semver.org §11. */
function compareVersions(a: Version, b: Version): number {
  for (const [index, number] of a.numbers.entries()) {
    const difference = number - (b.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  const released = Number(b.prerelease.length > 0) - Number(a.prerelease.length > 0);
  if (released !== 0) return released;
  return comparePrereleases(a.prerelease, b.prerelease);
}

function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const difference = comparePart(part, other);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function comparePart(a: string, b: string): number {
  const [left, right] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (left && right) return Number(a) - Number(b);
  return left === right ? compareText(a, b) : left ? -1 : 1;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
