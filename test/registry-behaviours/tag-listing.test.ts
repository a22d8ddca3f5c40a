import type { RegistrySimulator } from '@tagtrail/registry-simulator';
import { describe, expect, it } from 'vitest';
import { openStage } from './open-stage.ts';

/** Pushes so many tags of one image, and tells their names. */
function pushTags({ push }: { push: RegistrySimulator['push'] }, count: number): string[] {
  const names = Array.from({ length: count }, (_, at) => `t${String(at).padStart(4, '0')}`);
  const [first = '', ...rest] = names;
  const { digest } = push('shop/web', first);
  for (const name of rest) push('shop/web', name, { sameAs: digest });
  return names;
}

async function openListing(faults: readonly string[], tags: number, limits = {}) {
  const stage = await openStage(faults, { limits });
  const names = pushTags({ push: (...given) => stage.simulator.push(...given) }, tags);
  return { ...stage, names };
}

const byName = (tags: readonly string[]) => [...tags].sort();

const NOTHING_USED = {
  kind: 'failed',
  reason: 'RegistryError',
  message: expect.stringContaining('nothing of it is used'),
};

describe('what stands in a list of tags', () => {
  it.each(['tags-null', 'tags-absent'])(
    '27: takes %s for a repository without tags',
    async (name) => {
      await using stage = await openListing([name], 3);
      expect(await stage.list('shop/web')).toEqual({ kind: 'listed', tags: [] });
      expect(stage.asked()).toEqual(['GET tags']);
    },
  );

  it('27: says NotFound of a repository that went with its last tag', async () => {
    await using stage = await openListing(['name-unknown'], 3);
    expect(await stage.list('shop/web')).toMatchObject({ kind: 'failed', reason: 'NotFound' });
    expect(stage.asked()).toEqual(['GET tags']);
  });

  it('28: lists the names that stand beside a null', async () => {
    await using stage = await openListing(['null-among-tags'], 3);
    const listed = await stage.list('shop/web');
    expect(listed.kind === 'listed' && byName(listed.tags)).toEqual(stage.names);
  });

  it('29: leaves digests out that are listed as tags', async () => {
    await using stage = await openListing(['digest-among-tags'], 3);
    const listed = await stage.list('shop/web');
    expect(listed).toMatchObject({ kind: 'listed' });
    expect(listed.kind === 'listed' && byName(listed.tags)).toEqual(stage.names);
  });

  it('30: leaves names out that no tag can have, and lists the others', async () => {
    await using stage = await openListing(['illegal-tags'], 3);
    const listed = await stage.list('shop/web');
    expect(listed.kind === 'listed' && byName(listed.tags)).toEqual(stage.names);
  });
});

describe('how the pages of a list hang together', () => {
  it.each([
    ['31', 'link-absolute'],
    ['31', 'links-several'],
    ['32', 'link-without-prefix'],
    ['34', 'link-opaque'],
    ['39', 'oldest-tags-first'],
  ])('%s: lists every tag of every page in spite of %s', async (_, name) => {
    await using stage = await openListing([name], 250);
    const listed = await stage.list('shop/web');
    expect(listed.kind === 'listed' && byName(listed.tags)).toEqual(stage.names);
    expect(stage.asked()).toEqual(['GET tags', 'GET tags', 'GET tags']);
  });

  it('31: asks no other host, and uses nothing of a list that goes on there', async () => {
    await using stage = await openListing(['link-other-host'], 250);
    expect(await stage.list('shop/web')).toMatchObject(NOTHING_USED);
    expect(stage.asked()).toEqual(['GET tags']);
  });

  it('31: follows a link that does not say that it is the next', async () => {
    await using stage = await openListing(['link-without-rel'], 250);
    const listed = await stage.list('shop/web');
    expect(listed.kind === 'listed' && byName(listed.tags)).toEqual(stage.names);
  });

  it('32: follows a link that lacks the port of the registry', async () => {
    await using stage = await openListing(['link-without-port'], 250);
    const listed = await stage.list('shop/web');
    expect(listed.kind === 'listed' && byName(listed.tags)).toEqual(stage.names);
  });

  it('33: asks on after a full page without a link', async () => {
    await using stage = await openListing(['no-link'], 1100);
    const listed = await stage.list('shop/web');
    expect(listed.kind === 'listed' && byName(listed.tags)).toEqual(stage.names);
  });

  it('34: brings a cursor back as it came', async () => {
    await using stage = await openListing(['link-opaque'], 250);
    await stage.list('shop/web');
    const queries = stage.simulator.requests.map(({ query }) => new URLSearchParams(query));
    expect(queries.filter((query) => query.has('last'))).toEqual([]);
    expect(queries.filter((query) => query.has('next_page'))).toHaveLength(2);
  });

  it('35: notices at the second page that pages go round in circles', async () => {
    await using stage = await openListing(['pages-in-circles'], 250);
    expect(await stage.list('shop/web')).toMatchObject({
      ...NOTHING_USED,
      message: expect.stringContaining('go round in circles'),
    });
    expect(stage.asked()).toEqual(['GET tags']);
  });

  it('35: ends a list whose pages have no end', async () => {
    await using stage = await openListing(['pages-without-end'], 250, { tagPages: 10 });
    expect(await stage.list('shop/web')).toMatchObject({
      kind: 'failed',
      reason: 'RegistryError',
      message: expect.stringContaining('more than 10 pages'),
    });
    expect(stage.asked()).toHaveLength(10);
  });

  it('36: asks for no more names than registries allow that count to a thousand', async () => {
    await using stage = await openListing(['page-size-405'], 250);
    const listed = await stage.list('shop/web');
    expect(listed.kind === 'listed' && byName(listed.tags)).toEqual(stage.names);
    const refused = stage.simulator.requests.filter(({ status }) => status !== 200);
    expect(refused).toEqual([]);
  });

  it('36: asks once more without a size when the registry refuses that size', async () => {
    await using stage = await openListing(['page-size-413'], 250);
    const listed = await stage.list('shop/web');
    expect(listed.kind === 'listed' && byName(listed.tags)).toEqual(stage.names);
    expect(stage.asked()).toHaveLength(4);
  });

  it('37: asks on after a page that was capped without a link', async () => {
    await using stage = await openListing(['page-capped'], 250);
    const listed = await stage.list('shop/web');
    expect(listed.kind === 'listed' && byName(listed.tags)).toEqual(stage.names);
  });

  it('38: stops reading a list at 4 MiB and uses nothing of it', async () => {
    await using stage = await openListing(['giant-tag-list'], 3);
    expect(await stage.list('shop/web')).toMatchObject({
      kind: 'failed',
      reason: 'RegistryError',
      message: expect.stringContaining('larger than 4194304 bytes'),
    });
    expect(stage.asked()).toEqual(['GET tags']);
  });

  it('38: says that the registry gave up, and may be asked again', async () => {
    await using stage = await openListing(['tag-list-504'], 3);
    expect(await stage.list('shop/web')).toMatchObject({
      kind: 'failed',
      reason: 'RegistryError',
      retryable: true,
      message: expect.stringContaining('the server answered 504'),
    });
    expect(stage.asked()).toEqual(['GET tags']);
  });

  it('40: uses nothing of a list whose second page fails', async () => {
    await using stage = await openListing(['page-2-fails'], 250);
    expect(await stage.list('shop/web')).toMatchObject({
      kind: 'failed',
      reason: 'RegistryError',
      message: expect.stringContaining('the server answered 500'),
    });
    expect(stage.asked()).toEqual(['GET tags', 'GET tags']);
    const listed = await stage.list('shop/web');
    expect(listed.kind === 'listed' && byName(listed.tags)).toEqual(stage.names);
  });
});
