import type { HostLessons, LessonStore } from '@tagtrail/registry-ledger';
import { describe, expect, it } from 'vitest';
import { HostTraits } from './host-traits.ts';
import { HostTraitsTable } from './host-traits-table.ts';
import { openRegistryClient } from './registry-client.ts';
import { EVERY_ADDRESS } from './testing/every-address.ts';
import { openForTest } from './testing/open-for-test.ts';
import { demandToken, issueGood, sendManifest, sendStatus } from './testing/scripted-registry.ts';

const never = new AbortController().signal;
const NOW = 1_000_000;
const DAY = 86_400_000;

function shelf(known: Record<string, HostLessons> = {}) {
  const written: [string, HostLessons][] = [];
  const store: LessonStore = {
    read: async (host) => known[host],
    write: async (host, lessons) => void written.push([host, lessons]),
  };
  return { store, written };
}

const target = { registry: 'quay.io', endpoint: 'quay.io', repository: 'a/b', insecure: false };
const bearer = (realm: string, until = NOW + DAY): HostLessons => ({
  challenge: { scheme: 'bearer', realm, service: 's', until },
});

describe('what a host has taught', () => {
  it('is handed on once for each thing that is new', () => {
    const { store, written } = shelf();
    const table = new HostTraitsTable({ limit: 10, now: () => NOW, store, seeds: {} });
    const traits = table.of(target, 'plain');
    for (let times = 0; times < 3; times += 1) {
      traits.pauseHead();
      traits.closeAfterHead();
      traits.headWorked();
      traits.wantJson();
      traits.learnScheme({ kind: 'basic' }, 'a/b');
    }
    expect(written).toHaveLength(5);
    expect(written.at(-1)).toEqual([
      'plain quay.io',
      {
        headBrokenUntil: NOW + DAY / 24,
        closeAfterHeadUntil: NOW + DAY / 24,
        headWorksUntil: NOW + DAY,
        wantsJsonUntil: NOW + DAY,
        challenge: { scheme: 'basic', until: NOW + DAY },
      },
    ]);
  });

  it('is forgotten when its time has passed', () => {
    const clock = { now: NOW };
    const place = { mode: 'verified', endpoint: 'quay.io' } as const;
    const traits = new HostTraits({ now: () => clock.now, place });
    traits.learnScheme({ kind: 'basic' }, 'a/b');
    traits.pauseHead();
    traits.wantJson();
    expect([traits.scheme?.kind, traits.headIsPaused, traits.wantsJson]).toEqual([
      'basic',
      true,
      true,
    ]);
    clock.now += DAY;
    expect([traits.scheme, traits.headIsPaused, traits.wantsJson]).toEqual([
      undefined,
      false,
      false,
    ]);
  });

  it('spares a process that never met the host the request that is refused', async () => {
    await using registry = await openForTest(
      (request, response) => {
        if (request.url?.startsWith('/token')) issueGood(request, response);
        else if (request.headers.authorization === 'Bearer good') sendManifest(response);
        else demandToken(request, response, { realm: `http://${request.headers.host}/token` });
      },
      { lessons: shelf().store },
    );
    await registry.client.headManifest(registry.target, 'latest', never);
    expect(registry.lines()).toHaveLength(3);
    const realm = `${registry.url}/token`;
    const { store } = shelf({ [`plain ${registry.host}`]: bearer(realm, Date.now() + DAY) });
    await using second = openRegistryClient({
      userAgent: 't',
      lessons: store,
      addresses: EVERY_ADDRESS,
    });
    await second.headManifest(registry.target, 'latest', never);
    expect(
      registry
        .lines()
        .slice(3)
        .map((line) => line.split('?')[0]),
    ).toEqual(['GET /token', 'HEAD /v2/team/app/manifests/latest']);
  });

  it('of another process gives way to what the host itself has said for longer', () => {
    const place = { mode: 'verified', endpoint: 'quay.io' } as const;
    const traits = new HostTraits({ now: () => NOW, place });
    traits.learnScheme({ kind: 'basic' }, 'a/b');
    traits.adopt(bearer('https://quay.io/old', NOW + 1));
    expect(traits.scheme?.kind).toBe('basic');
    traits.adopt(bearer('https://quay.io/new', NOW + 2 * DAY));
    expect(traits.scheme).toMatchObject({ kind: 'bearer', service: 's' });
  });

  it.each(['http://quay.io/token', 'https://user@quay.io/token', 'nonsense', ''])(
    'is judged as if the host had said it: %j is no realm',
    (realm) => {
      const traits = new HostTraits({
        now: () => NOW,
        place: { mode: 'verified', endpoint: 'quay.io' },
      });
      traits.adopt(bearer(realm));
      expect(traits.scheme).toBeUndefined();
    },
  );

  it('is known of public registries beforehand, over verified connections alone', () => {
    const table = new HostTraitsTable({ limit: 10, now: () => NOW });
    const hub = { ...target, endpoint: 'registry-1.docker.io' };
    const { scheme } = table.of(hub, 'verified');
    expect(scheme?.kind === 'bearer' && scheme.realm.href).toBe('https://auth.docker.io/token');
    expect(table.of(hub, 'unverified').scheme).toBeUndefined();
    expect(table.of({ ...target, endpoint: 'constructor' }, 'verified').scheme).toBeUndefined();
  });

  it('is forgotten when its token service fails, so that the next request asks the host', async () => {
    const { store } = shelf();
    await using registry = await openForTest((_, response) => sendStatus(response, 500), {
      lessons: store,
    });
    const known = shelf({
      [`plain ${registry.host}`]: bearer(`${registry.url}/token`, Date.now() + DAY),
    });
    await using client = openRegistryClient({
      userAgent: 't',
      lessons: known.store,
      addresses: EVERY_ADDRESS,
    });
    for (let look = 0; look < 2; look += 1) {
      await client.headManifest(registry.target, 'latest', never).catch(() => undefined);
    }
    const asked = registry.lines().map((line) => line.split('?')[0]);
    expect(asked[0]).toBe('GET /token');
    expect(asked[1]).toBe('HEAD /v2/team/app/manifests/latest');
  });
});
