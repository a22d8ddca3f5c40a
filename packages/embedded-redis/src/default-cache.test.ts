import { chmod, mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultCache } from './default-cache.ts';

const temporary = () => mkdtempDisposable(join(tmpdir(), 'tagtrail-test-'));

describe('defaultCache', () => {
  it('prefers XDG_CACHE_HOME to the home folder', async () => {
    await using folder = await temporary();
    const environment = { XDG_CACHE_HOME: join(folder.path, 'xdg'), HOME: folder.path };
    expect(await defaultCache(environment)).toBe(join(folder.path, 'xdg/tagtrail'));
    expect(await defaultCache({ HOME: folder.path })).toBe(join(folder.path, '.cache/tagtrail'));
  });

  it('falls back to a folder of this user under the temporary one without a usable home', async () => {
    await using folder = await temporary();
    await writeFile(join(folder.path, 'file'), '');
    const fallback = join(tmpdir(), `tagtrail-cache-${process.getuid?.()}`);
    for (const HOME of [undefined, '', 'relative', join(folder.path, 'file')]) {
      expect(await defaultCache({ HOME })).toBe(fallback);
    }
  });

  it('passes over a folder that others may write', async () => {
    await using folder = await temporary();
    const open = join(folder.path, 'tagtrail');
    await mkdir(open);
    await chmod(open, 0o777);
    expect(
      await defaultCache({ XDG_CACHE_HOME: folder.path, HOME: join(folder.path, 'home') }),
    ).toBe(join(folder.path, 'home/.cache/tagtrail'));
  });
});
