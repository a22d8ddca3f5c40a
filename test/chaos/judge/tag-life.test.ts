import { describe, expect, it } from 'vitest';
import { type Commit, digest, logOf, OTHER_SOURCE, SOURCE } from './chaos-facts-for-test.ts';
import { readTagLives } from './tag-life.ts';

function recordedOf(...commits: readonly Commit[]): readonly string[] {
  const lives = readTagLives(logOf(...commits));
  return lives.flatMap(({ recorded }) => recorded.map((one) => one.digest));
}

describe('what the change log tells of a tag', () => {
  it('is every new image, also when one commit brings several', () => {
    const commits: readonly Commit[] = [
      [1, {}],
      [2, { images: 'a' }],
      [3, { images: 'cba' }],
      [4, { images: 'acba' }],
      [5, { images: 'acba' }],
    ];
    expect(recordedOf(...commits)).toEqual([...'abca'].map(digest));
  });

  it('is an image that took the place of the newest one', () => {
    expect(recordedOf([1, { images: 'ba' }], [2, { images: 'ca' }])).toEqual(
      [...'abc'].map(digest),
    );
  });

  it('is nothing when the images are as they were, or the stream is gone', () => {
    expect(
      recordedOf([1, { images: 'a' }], [2, { images: 'a', suspended: true }], [3, undefined]),
    ).toEqual([digest('a')]);
  });

  it('is a chapter per source, with its suspensions, and a life per stream of the name', () => {
    const log = logOf(
      [1, {}],
      [2, { suspended: true }],
      [3, { suspended: true, source: OTHER_SOURCE }],
      [4, { source: OTHER_SOURCE }],
      [5, undefined],
      [6, { uid: 'u2' }],
    );
    const [first, second] = readTagLives(log);
    expect(first?.chapters.map(({ source, suspensions }) => ({ source, suspensions }))).toEqual([
      { source: SOURCE, suspensions: [{ from: 2, to: 3 }] },
      { source: OTHER_SOURCE, suspensions: [{ from: 3, to: 4 }] },
    ]);
    expect(first).toMatchObject({ uid: 'u1', lives: false });
    expect(second).toMatchObject({ uid: 'u2', lives: true });
  });
});
