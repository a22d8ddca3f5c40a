import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSecretKey } from './open-secret-key.ts';
import { openStateFolder } from './state-folder.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tagtrail-cli-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

describe('the key of secrets', () => {
  it('is made once, for its owner only', async () => {
    const folder = openStateFolder('.tagtrail', cwd);
    expect(await openSecretKey(folder, {})).toBe(folder.secretKeyFile);
    const key = readFileSync(folder.secretKeyFile, 'utf8');
    expect(statSync(folder.secretKeyFile).mode & 0o777).toBe(0o600);
    expect(await openSecretKey(folder, {})).toBe(folder.secretKeyFile);
    expect(readFileSync(folder.secretKeyFile, 'utf8')).toBe(key);
  });

  it.each([
    ['a variable', { TAGTRAIL_SECRETS_KEY_FILE: '/etc/key' }],
    ['settings that are wrong', { TAGTRAIL_SECRETS_KEYFILE: '/etc/key' }],
  ])('is not made where there is %s', async (_, variables) => {
    expect(await openSecretKey(openStateFolder('.tagtrail', cwd), variables)).toBeUndefined();
  });

  it('may be set in a file', async () => {
    const file = join(cwd, 'tagtrail.yaml');
    writeFileSync(file, 'secrets: {keyFile: /etc/key}\n');
    const folder = openStateFolder('.tagtrail', cwd);
    expect(await openSecretKey(folder, { TAGTRAIL_CONFIG: file })).toBeUndefined();
  });

  it('says in one line why it cannot be made', async () => {
    const folder = openStateFolder('.tagtrail', cwd);
    rmSync(folder.path, { recursive: true });
    await expect(openSecretKey(folder, {})).rejects.toMatchObject({
      code: 'data-folder',
      message: `cannot write key file ${folder.secretKeyFile}: ENOENT`,
    });
  });
});
