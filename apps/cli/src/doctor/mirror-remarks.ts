import type { RepositoryTarget } from '@tagtrail/registry-client';
import { mirrorOf } from '@tagtrail/upstream-registries';

/** Of the setting `registries.mirrors`. */
interface Mirror {
  readonly prefix: string;
  readonly locations: readonly { readonly location: string }[];
  readonly fallback: 'source' | 'never';
}

/** That workers ask somebody else: the registry that was named is examined, and no mirror of it. */
export function mirrorRemarks(
  mirrors: readonly Mirror[],
  target: Pick<RepositoryTarget, 'registry' | 'repository'>,
): readonly string[] {
  const longest = mirrorOf(target, mirrors);
  if (longest === undefined) return [];
  const places = longest.locations.map(({ location }) => location).join(', ');
  const order = longest.fallback === 'never' ? 'only' : 'first';
  return [
    `workers ask ${places} ${order} (registries.mirrors, ${longest.prefix}): not examined here`,
  ];
}
