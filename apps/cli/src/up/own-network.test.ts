import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownNetworkVariables } from './own-network.ts';

const VARIABLE = 'TAGTRAIL_REGISTRIES_PRIVATE_ADDRESSES';

describe('registries of this machine', () => {
  it('may be asked by the workers of `up`', () => {
    expect(ownNetworkVariables({})).toEqual({ [VARIABLE]: 'allowed' });
  });

  it('are the decision of the user, where there is one', async () => {
    expect(ownNetworkVariables({ [VARIABLE]: 'refused' })).toEqual({});
    const folder = await mkdtemp(join(tmpdir(), 'tagtrail-up-'));
    const file = join(folder, 'tagtrail.yaml');
    await writeFile(file, 'registries:\n  privateAddresses: refused\n');
    expect(ownNetworkVariables({ TAGTRAIL_CONFIG: file })).toEqual({});
    await rm(folder, { recursive: true });
  });

  it('are no matter of settings that are wrong: the processes themselves say so', () => {
    expect(ownNetworkVariables({ TAGTRAIL_REGISTRIES_CACHE: '1' })).toEqual({});
  });
});
