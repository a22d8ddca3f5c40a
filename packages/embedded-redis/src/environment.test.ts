import { describe, expect, it } from 'vitest';
import { childEnvironment, programFolders } from './environment.ts';

describe('environment', () => {
  it('searches absolute folders only, in their order', () => {
    expect(programFolders({ PATH: '/b:.:/a::bin' })).toEqual(['/b', '/a']);
    expect(programFolders({})).toEqual([]);
  });

  it('gives a child PATH, a home and proxies, and keeps everything else from it', () => {
    const child = childEnvironment(
      { PATH: '/bin', HTTPS_PROXY: 'http://proxy:3128', TAGTRAIL_API_TOKEN: 'hidden', HOME: '' },
      '/somewhere',
    );
    expect(child).toEqual({
      PATH: '/bin',
      HOME: '/somewhere',
      LC_ALL: 'C',
      HTTPS_PROXY: 'http://proxy:3128',
    });
  });
});
