import { resolveReference } from '@tagtrail/image-reference';
import type { RepositoryTarget } from '@tagtrail/registry-client';

/** An entry of the setting `registries.mirrors`. */
export interface MirrorSetting {
  /** `registry` or `registry/beginning/of/repository` that sources name. */
  readonly prefix: string;
  /** What stands in the place of the prefix, in the order in which they are asked. */
  readonly locations: readonly MirrorLocation[];
  /** Whether the source itself is asked when no mirror has it. */
  readonly fallback: 'source' | 'never';
}

export interface MirrorLocation {
  readonly location: string;
  /** What it may answer: what a tag points to, content by digest, or both. */
  readonly pull: 'all' | 'tag' | 'digest';
  readonly insecure: boolean;
}

/** Where something can be asked for. */
export interface MirrorPlace {
  readonly target: RepositoryTarget;
  readonly isMirror: boolean;
}

/**
 * The places to ask, first to last: the mirrors of the longest prefix, then the source unless it must not be asked. The
 * list of tags is the source's own affair; a mirror's is taken only where nobody else may be asked.
 */
export function placesOf(
  target: RepositoryTarget,
  kind: 'tag' | 'digest' | 'list',
  mirrors: readonly MirrorSetting[],
): readonly MirrorPlace[] {
  const source: MirrorPlace = { target, isMirror: false };
  const mirror = mirrorOf(target, mirrors);
  if (mirror === undefined) return [source];
  const toSource = mirror.fallback === 'source';
  if (kind === 'list' && toSource) return [source];
  const wanted = kind === 'list' ? 'tag' : kind;
  const found = mirror.locations
    .filter(({ pull }) => pull === 'all' || pull === wanted)
    .map((location) => ({ target: moved(target, mirror.prefix, location), isMirror: true }));
  return toSource ? [...found, source] : found;
}

/** The entry of the setting that is about a repository: that of the longest prefix. */
export function mirrorOf<M extends Pick<MirrorSetting, 'prefix'>>(
  target: Pick<RepositoryTarget, 'registry' | 'repository'>,
  mirrors: readonly M[],
): M | undefined {
  const name = `${nameOf(target)}/`;
  return mirrors
    .filter(({ prefix }) => name.startsWith(`${canonical(prefix)}/`))
    .reduce<M | undefined>(
      (best, one) => (one.prefix.length > (best?.prefix.length ?? 0) ? one : best),
      undefined,
    );
}

function nameOf({
  registry,
  repository,
}: Pick<RepositoryTarget, 'registry' | 'repository'>): string {
  return `${registry}/${repository}`;
}

/** Docker Hub goes by several names. */
function canonical(prefix: string): string {
  const [host = '', ...path] = prefix.split('/');
  const { registry } = resolveReference({ registry: host, repository: 'any/any' });
  return [registry, ...path].join('/');
}

/** Credentials are those of the registry that is asked, so they are looked up under its name. */
function moved(
  target: RepositoryTarget,
  prefix: string,
  { location, insecure }: MirrorLocation,
): RepositoryTarget {
  const rest = nameOf(target).slice(canonical(prefix).length + 1);
  const [host = '', ...path] = `${location}/${rest}`.split('/').filter((part) => part !== '');
  const named = { registry: host, repository: path.join('/') };
  const { registry, endpoint, repository } = resolveReference(named);
  return { ...target, registry, endpoint, repository, insecure };
}
