import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askCredentialPrograms } from './ask-credential-programs.ts';

let folder: string;
const path = process.env['PATH'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'helpers-'));
  process.env['PATH'] = `${folder}:${path}`;
});
afterAll(async () => {
  process.env['PATH'] = path;
  await rm(folder, { recursive: true });
});

/** A real program, as users have them. */
async function install(name: string, script: string): Promise<void> {
  const file = join(folder, `docker-credential-${name}`);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

describe('credential helpers', () => {
  it('are asked for their own registry, with its name as the input, once in ten minutes', async () => {
    await install(
      'echoing',
      `read host; echo x >> ${folder}/runs; echo "{\\"Username\\":\\"$1 $host\\",\\"Secret\\":\\"s\\"}"`,
    );
    const clock = { now: 0 };
    const lookup = askCredentialPrograms(
      { 'ecr.example': 'echoing', 'docker.io': 'echoing' },
      { now: () => clock.now },
    );
    const named = { name: 'the credential helper echoing', password: 's' };
    expect(await lookup('ecr.example')).toEqual([{ ...named, username: 'get ecr.example' }]);
    expect(await lookup('ecr.example')).toBe(await lookup('ecr.example'));
    expect(await lookup('docker.io')).toEqual([
      { ...named, username: 'get https://index.docker.io/v1/' },
    ]);
    expect(lookup('other.example')).toEqual([]);
    expect(lookup('constructor')).toEqual([]);
    const runs = () => readFile(join(folder, 'runs'), 'utf8').then((text) => text.length / 2);
    expect(await runs()).toBe(2);
    clock.now += 600_000;
    await lookup('ecr.example');
    expect(await runs()).toBe(3);
  });

  it('may bring an identity token', async () => {
    await install('tokens', `echo '{"Username":"<token>","Secret":"refresh"}'`);
    expect(await askCredentialPrograms({ a: 'tokens' })('a')).toMatchObject([
      { token: 'identity', password: 'refresh' },
    ]);
  });

  it('may know of none', async () => {
    await install('none', 'echo "credentials not found in native keychain"; exit 1');
    expect(await askCredentialPrograms({ a: 'none' })('a')).toEqual([]);
  });

  it.each([
    ['echo planted-secret; exit 7', 'it ended with 7'],
    ['echo planted-secret', 'its answer is not readable'],
    [`echo '{"Username":"planted-secret"}'`, 'its answer names no user or no secret'],
    ['echo null', 'its answer names no user or no secret'],
    ['kill -9 $$', 'it ended by SIGKILL'],
  ])('tell why they failed, and nothing of what they have printed: %s', async (script, reason) => {
    await install('failing', script);
    const asked = Promise.resolve(askCredentialPrograms({ 'a.example': 'failing' })('a.example'));
    const failure = await asked.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({
      code: 'Unauthorized',
      message: `a.example: the credential helper failing failed: ${reason}`,
      advice: `the credential helper failing failed: ${reason}; run "echo a.example | docker-credential-failing get" on the worker's machine to see why`,
    });
    expect(String(failure)).not.toContain('planted');
  });

  it('tell what they were asked for, also where it is not the name of the registry', async () => {
    await install('hub', 'exit 1');
    const asked = Promise.resolve(askCredentialPrograms({ 'docker.io': 'hub' })('docker.io'));
    await expect(asked).rejects.toMatchObject({
      advice: expect.stringContaining(
        'run "echo https://index.docker.io/v1/ | docker-credential-hub get" on',
      ),
    });
  });

  it('tell when there is no such program, and are not started again for half a minute', async () => {
    const clock = { now: 0 };
    const lookup = askCredentialPrograms({ a: 'absent' }, { now: () => clock.now });
    await expect(lookup('a')).rejects.toThrow(
      'there is no program docker-credential-absent on the PATH',
    );
    await install('absent', `echo '{"Username":"u","Secret":"s"}'`);
    await expect(lookup('a')).rejects.toThrow('there is no program');
    clock.now += 30_000;
    expect(await lookup('a')).toMatchObject([{ username: 'u' }]);
  });
});
