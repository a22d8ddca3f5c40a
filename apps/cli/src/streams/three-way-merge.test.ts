import { describe, expect, it } from 'vitest';
import { threeWayMerge } from './three-way-merge.ts';

const tag = (name: string, from: string, rest: object = {}) => ({
  name,
  from: { kind: 'DockerImage', name: from },
  ...rest,
});

describe('threeWayMerge', () => {
  it('keeps what somebody else set and removes what was applied before and is wanted no more', () => {
    const original = { metadata: { labels: { team: 'a', old: 'x' } } };
    const modified = { metadata: { labels: { team: 'b' } } };
    const live = { metadata: { uid: 'u', labels: { team: 'a', old: 'x', theirs: 'y' } } };
    expect(threeWayMerge(original, modified, live)).toEqual({
      metadata: { uid: 'u', labels: { team: 'b', theirs: 'y' } },
    });
  });

  it('removes nothing the first time, when nothing was applied before', () => {
    const live = { metadata: { labels: { theirs: 'y' } }, spec: { tags: [tag('v1', 'a/b:1')] } };
    const modified = { spec: { tags: [tag('v2', 'a/b:2')] } };
    expect(threeWayMerge(undefined, modified, live)).toEqual({
      metadata: { labels: { theirs: 'y' } },
      spec: { tags: [tag('v1', 'a/b:1'), tag('v2', 'a/b:2')] },
    });
  });

  it('merges tags by name: edits keep what the server added, dropped ones go, foreign ones stay', () => {
    const original = { spec: { tags: [tag('v1', 'a/b:1'), tag('gone', 'a/b:0')] } };
    const modified = { spec: { tags: [tag('v1', 'a/b:1.1')] } };
    const live = {
      spec: {
        tags: [
          tag('gone', 'a/b:0', { generation: 1 }),
          tag('theirs', 'c/d:1', { generation: 2 }),
          tag('v1', 'a/b:1', { generation: 1, importPolicy: { importMode: 'Legacy' } }),
        ],
      },
    };
    expect(threeWayMerge(original, modified, live)).toEqual({
      spec: {
        tags: [
          tag('theirs', 'c/d:1', { generation: 2 }),
          tag('v1', 'a/b:1.1', { generation: 1, importPolicy: { importMode: 'Legacy' } }),
        ],
      },
    });
  });

  it('drops all tags when the list was applied before and the file has none', () => {
    const original = { spec: { tags: [tag('v1', 'a/b:1')] } };
    const live = { spec: { lookupPolicy: { local: false }, tags: [tag('v1', 'a/b:1')] } };
    expect(threeWayMerge(original, { spec: {} }, live)).toEqual({
      spec: { lookupPolicy: { local: false } },
    });
    expect(threeWayMerge(original, { spec: { tags: [] } }, live)).toEqual({
      spec: { lookupPolicy: { local: false }, tags: [] },
    });
  });

  it('removes a member that the file sets to null', () => {
    const live = { spec: { dockerImageRepository: 'a/b', lookupPolicy: { local: true } } };
    expect(threeWayMerge(undefined, { spec: { dockerImageRepository: null } }, live)).toEqual({
      spec: { lookupPolicy: { local: true } },
    });
  });

  it('is the live object when the same is applied again', () => {
    const modified = { spec: { tags: [tag('v1', 'a/b:1')] } };
    const live = { spec: { tags: [tag('v1', 'a/b:1', { generation: 3 })] } };
    expect(threeWayMerge(modified, modified, live)).toEqual(live);
  });

  it('takes a member named __proto__ for a member', () => {
    const modified = JSON.parse('{"metadata":{"labels":{"__proto__":{"polluted":"yes"}}}}');
    const merged = threeWayMerge(undefined, modified, {});
    expect(JSON.stringify(merged)).toBe(JSON.stringify(modified));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
