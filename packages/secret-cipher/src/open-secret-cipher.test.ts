import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSecretCipher, readSecretCipher } from './open-secret-cipher.ts';
import { createSecretKeyFile, readSecretKeys } from './secret-key-file.ts';
import { formatSecretKey } from './secret-keys.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secret-cipher-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a key file', () => {
  it('is made for its owner alone, and read back', async () => {
    const path = join(folder, 'made');
    await createSecretKeyFile(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readSecretKeys(path)).toEqual([expect.objectContaining({ length: 32 })]);
    expect((await readdir(folder)).filter((name) => name.startsWith('made'))).toEqual(['made']);
  });

  it('never takes the place of another', async () => {
    const path = join(folder, 'kept');
    await createSecretKeyFile(path);
    const before = await readFile(path, 'utf8');
    const again = Promise.allSettled([createSecretKeyFile(path), createSecretKeyFile(path)]);
    for (const result of await again) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'key-file-exists' } });
    }
    expect(await readFile(path, 'utf8')).toBe(before);
    expect((await readdir(folder)).filter((name) => name.startsWith('kept'))).toEqual(['kept']);
  });

  it('is made by one of many that try at once', async () => {
    const path = join(folder, 'raced');
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => createSecretKeyFile(path)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await readSecretKeys(path)).toHaveLength(1);
  });

  it('is refused while others can read it, with the command that mends it', async () => {
    const path = join(folder, 'exposed');
    await createSecretKeyFile(path);
    await chmod(path, 0o604);
    await expect(readSecretKeys(path)).rejects.toMatchObject({
      code: 'key-file-not-usable',
      message: `key file ${path} can be read by others; chmod 600 ${path} mends that`,
    });
  });

  it('may be a link, as Kubernetes mounts its secrets', async () => {
    await createSecretKeyFile(join(folder, 'target'));
    await symlink('target', join(folder, 'linked'));
    expect(await readSecretKeys(join(folder, 'linked'))).toHaveLength(1);
  });

  it('that is missing, a folder or elsewhere is named', async () => {
    const missing = join(folder, 'none', 'key');
    await expect(readSecretKeys(missing)).rejects.toThrow(
      `cannot read key file ${missing}: ENOENT`,
    );
    await expect(createSecretKeyFile(missing)).rejects.toThrow(
      `cannot write key file ${missing}: ENOENT`,
    );
    await expect(readSecretKeys(folder)).rejects.toThrow(`key file ${folder} is not a file`);
  });

  it('with something else in it is refused without showing it', async () => {
    const path = join(folder, 'wrong');
    await writeFile(path, `${formatSecretKey(randomBytes(32))}hunter2\n`, { mode: 0o600 });
    await expect(readSecretCipher(path)).rejects.toMatchObject({
      code: 'invalid-key',
      message: `key file ${path}: line 2 is not a key: 32 random bytes in base64`,
    });
    await writeFile(path, '\n'.repeat(5000));
    await expect(readSecretCipher(path)).rejects.toThrow(
      `key file ${path} has more than 4096 bytes`,
    );
  });
});

describe('the text of a key file', () => {
  it('opens what each of its keys sealed', () => {
    const [newer, older] = [randomBytes(32), randomBytes(32)].map(formatSecretKey);
    const sealed = openSecretCipher(`${older}`).seal('hunter2', 'here');
    expect(openSecretCipher(`${newer}\n${older}`).open(sealed, 'here')).toBe('hunter2');
  });

  it('is refused when it holds no key, or too many', () => {
    expect(() => openSecretCipher('\n')).toThrow('it holds no key');
    const many = Array.from({ length: 17 }, () => formatSecretKey(randomBytes(32)));
    expect(() => openSecretCipher(many.join(''))).toThrow('it holds more than 16 keys');
  });
});
