import { isDigest, parseImageReference, resolveReference } from '@tagtrail/image-reference';
import { type ImageStream, isInsecure, type TagEvent } from '@tagtrail/image-stream';

/** A repository that may have what is asked for, and how far the way there is trusted. */
export interface PullCandidate {
  /** Canonical registry, `docker.io` for Docker Hub. */
  readonly registry: string;
  readonly endpoint: string;
  readonly repository: string;
  /** From the tags that led there, or from the stream: never from another tag of the same host. */
  readonly insecure: boolean;
}

export interface CandidateOptions {
  /** Hosts under which this registry itself is known: asking them would be asking ourselves. */
  readonly ownHosts: ReadonlySet<string>;
  /** Images that hold what is asked for: where they came from is asked first. */
  readonly holders?: ReadonlySet<string>;
}

/** Repositories asked for one thing at most: a stream with more would keep its clients waiting anyway. */
const MAX_CANDIDATES = 32;

/**
 * Where the images of a stream came from, in the order in which they are asked: those of the images that hold what is
 * wanted, then those of the newest image of each tag, then those of older ones. In each group secure ones come first,
 * then by name. Source: OpenShift's `identifyCandidateRepositories`; what differs is that an insecure tag makes only its
 * own repository insecure, not all of the same host.
 */
export function pullCandidates(
  stream: ImageStream,
  { ownHosts, holders = new Set() }: CandidateOptions,
): readonly PullCandidate[] {
  const groups: readonly PullCandidate[][] = [[], [], []];
  for (const { tag, items } of stream.status.tags ?? []) {
    const insecure = isInsecureTag(stream, tag);
    for (const [index, event] of (items ?? []).entries()) {
      const candidate = candidateOf(event, insecure);
      if (candidate === undefined || ownHosts.has(candidate.registry)) continue;
      const group = holders.has(event.image) ? 0 : Math.min(index, 1) + 1;
      groups[group]?.push(candidate);
    }
  }
  return distinct(groups.flatMap((group) => group.sort(bySecurityThenName))).slice(
    0,
    MAX_CANDIDATES,
  );
}

/** What the tag itself or the whole stream allows. A tag that is not wanted any more allows nothing by itself. */
function isInsecureTag(stream: ImageStream, name: string): boolean {
  const tag = stream.spec.tags?.find((one) => one.name === name);
  return isInsecure(stream, tag ?? { importPolicy: {} });
}

/** What was imported was there; a reference that nobody has looked at says nothing, and anybody may write it. */
function candidateOf(event: TagEvent, insecure: boolean): PullCandidate | undefined {
  if (!isDigest(event.image)) return undefined;
  const parsed = parseImageReference(event.dockerImageReference);
  if (!parsed.ok) return undefined;
  const { registry, endpoint, repository } = resolveReference(parsed.reference);
  return { registry, endpoint, repository, insecure };
}

function bySecurityThenName(a: PullCandidate, b: PullCandidate): number {
  if (a.insecure !== b.insecure) return a.insecure ? 1 : -1;
  return nameOf(a) < nameOf(b) ? -1 : Number(nameOf(a) > nameOf(b));
}

function distinct(candidates: readonly PullCandidate[]): readonly PullCandidate[] {
  const seen = new Set<string>();
  return candidates.filter((one) => {
    const key = `${nameOf(one)} ${one.insecure}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** `registry/repository`. */
export function nameOf({
  registry,
  repository,
}: Pick<PullCandidate, 'registry' | 'repository'>): string {
  return `${registry}/${repository}`;
}
