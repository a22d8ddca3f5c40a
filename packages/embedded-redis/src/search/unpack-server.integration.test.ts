import { mkdtempDisposable, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unpackServer } from './unpack-server.ts';

/** Two downloads of lists and packages at once. */
const DOWNLOAD_TIME_LIMIT = 120_000;

describe('unpackServer', () => {
  it(
    'has two racing starts download a running server with the real apt',
    async (context) => {
      await using folder = await mkdtempDisposable(join(tmpdir(), 'tagtrail-test-'));
      // No HOME, as for a user of a container; PATH alone decides.
      const environment = { PATH: '/usr/bin:/bin' };
      const options = { cache: join(folder.path, 'cache'), environment, onNotice: () => {} };
      const [one, other] = await Promise.all([unpackServer(options), unpackServer(options)]);
      const unreachable = [one, other].find((found) => !found.ok && /apt-get/.test(found.reason));
      // CI installs from the same packages: there, not reaching them is a failure.
      if (unreachable && !unreachable.ok && process.env['CI'] === undefined)
        context.skip(`no packages here: ${unreachable.reason}`);
      expect(one).toMatchObject({
        ok: true,
        server: { version: expect.stringMatching(/^\d+\.\d+/) },
      });
      expect(other).toEqual(one);
      expect(await readdir(options.cache)).toHaveLength(1);
    },
    DOWNLOAD_TIME_LIMIT,
  );
});
