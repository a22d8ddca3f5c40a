import { describe, expect, it } from 'vitest';
import { packagesForLibrary } from './missing-libraries.ts';

describe('packagesForLibrary', () => {
  it.each([
    ['libjemalloc.so.2', 'libjemalloc2'],
    ['liblz4.so.1', 'liblz4-1'],
    ['libgcc_s.so.1', 'libgcc-s1'],
    ['libstdc++.so.6', 'libstdc++6'],
    ['libssl.so.3', 'libssl3t64'],
    ['liblua5.1.so.0', 'liblua5.1-0'],
    ['libhiredis.so.0.14', 'libhiredis0.14'],
  ])('finds the package of %s among the dependencies', (soname, name) => {
    expect(packagesForLibrary(soname, ['libc6', 'redis-tools', name, `${name}-dev`])).toEqual([
      name,
    ]);
  });

  it('names no package that apt does not list', () => {
    expect(packagesForLibrary('libssl.so.3', ['libssl1.1', 'libc6'])).toEqual([]);
  });
});
