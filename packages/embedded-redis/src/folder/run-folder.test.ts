import { describe, expect, it } from 'vitest';
import { chooseRunFolder, isRunFolder, socketIn } from './run-folder.ts';

describe('the run folder', () => {
  it('lies in the temporary folder, or in /tmp where a socket path would be too long', () => {
    expect(chooseRunFolder('/var/tmp')).toMatch(/^\/var\/tmp\/tagtrail-redis-[0-9a-f]{16}$/);
    const long = chooseRunFolder(`/${'deep/'.repeat(20)}`);
    expect(long).toMatch(/^\/tmp\/tagtrail-redis-/);
    expect(socketIn(long).length).toBeLessThan(100);
  });

  it('is told from any other path that a file may name', () => {
    expect(isRunFolder(chooseRunFolder('/tmp'))).toBe(true);
    for (const path of [
      '/',
      '/home/me',
      'tagtrail-redis-0123456789abcdef',
      '/tmp/tagtrail-redis-..',
    ]) {
      expect(isRunFolder(path)).toBe(false);
    }
  });
});
