import { describe, expect, it } from 'vitest';
import { formatRedisConfiguration } from './redis-configuration.ts';

describe('formatRedisConfiguration', () => {
  const options = { folder: '/f', socket: '/run/r.sock', password: 'secret' };

  it('answers no write before it is on disk, evicts nothing and takes no snapshots', () => {
    const lines = formatRedisConfiguration(options).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'appendonly "yes"',
        'appendfsync "always"',
        'maxmemory-policy "noeviction"',
        'save ""',
        'port "0"',
      ]),
    );
  });

  it('keeps a folder with quotes and line ends within one line', () => {
    const text = formatRedisConfiguration({ ...options, folder: '/a "b"\\c\nrename-command x' });
    expect(text).toContain('dir "/a \\"b\\"\\\\c\\nrename-command x"\n');
    expect(text).not.toMatch(/^rename-command/m);
  });
});
