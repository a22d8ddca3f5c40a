import { resolveReference } from '@tagtrail/image-reference';
import type { RepositoryTarget } from '@tagtrail/registry-client';

/** Of the setting `registries.mirrors`. */
interface Mirror {
  readonly prefix: string;
  readonly locations: readonly { readonly location: string }[];
  readonly fallback: 'source' | 'never';
}

/** That workers ask somebody else: the registry that was named is examined, and no mirror of it. */
export function mirrorRemarks(
  mirrors: readonly Mirror[],
  { registry, repository }: Pick<RepositoryTarget, 'registry' | 'repository'>,
): readonly string[] {
  const name = `${registry}/${repository}/`;
  const [longest] = mirrors
    .filter(({ prefix }) => name.startsWith(`${canonical(prefix)}/`))
    .toSorted((one, other) => other.prefix.length - one.prefix.length);
  if (longest === undefined) return [];
  const places = longest.locations.map(({ location }) => location).join(', ');
  const order = longest.fallback === 'never' ? 'only' : 'first';
  return [
    `workers ask ${places} ${order} (registries.mirrors, ${longest.prefix}): not examined here`,
  ];
}

/** Docker Hub goes by several names. */
function canonical(prefix: string): string {
  const [host = '', ...path] = prefix.split('/');
  const { registry } = resolveReference({ registry: host, repository: 'any/any' });
  return [registry, ...path].join('/');
}
