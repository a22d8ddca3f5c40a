import type { StreamArchive, StreamKey } from '@tagtrail/image-stream';

/** Names read in one go: some 30 KB. */
const NAMES_PAGE = 500;

type Names = Pick<StreamArchive, 'names'>;

/**
 * Those of `wanted` that are there, whether they can be read or not. Looks into the index of names only: a record may have
 * some MB. The names of an export stand in its order, so a few pages hold them all.
 */
export async function existingStreams(
  archive: Names,
  wanted: readonly StreamKey[],
): Promise<readonly StreamKey[]> {
  const found = new Set<string>();
  for (const [namespace, keys] of Map.groupBy(wanted, (key) => key.namespace)) {
    const names = keys.map(({ name }) => name).sort();
    for await (const name of existingIn(archive, namespace, names))
      found.add(`${namespace}/${name}`);
  }
  return wanted.filter(({ namespace, name }) => found.has(`${namespace}/${name}`));
}

/** Every name of the namespace on the pages that those of `sorted` lie on. */
async function* existingIn(
  archive: Names,
  namespace: string,
  sorted: readonly string[],
): AsyncGenerator<string, void> {
  let after = '';
  let left = sorted;
  for (let [next] = left; next !== undefined; [next] = left) {
    // What a name begins with comes before it.
    const before = next.slice(0, -1);
    if (before > after) after = before;
    const page = await archive.names({
      namespace,
      after: { namespace, name: after },
      limit: NAMES_PAGE,
    });
    const last = page.at(-1);
    if (last === undefined) return;
    for (const { name } of page) yield name;
    after = last.name;
    left = left.filter((name) => name > last.name);
  }
}
