import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDockerAuthFile, decodeDockercfg } from './docker-auth-file.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

function decode(auths: unknown) {
  const decoded = decodeDockerAuthFile(JSON.stringify({ auths }));
  if (!decoded.ok) throw new Error(decoded.message);
  return decoded;
}

describe('decodeDockerAuthFile', () => {
  it.each([
    ['registry.example', 'registry.example'],
    ['registry.example:5000', 'registry.example:5000'],
    ['https://registry.example', 'registry.example'],
    ['https://registry.example/v1/', 'registry.example'],
    ['http://registry.example:5000/v2', 'registry.example:5000'],
    ['Registry.Example', 'registry.example'],
    ['https://index.docker.io/v1/', 'docker.io'],
    ['docker.io', 'docker.io'],
    ['registry-1.docker.io', 'docker.io'],
    ['[::1]:5000', '[::1]:5000'],
  ])('finds the entry %s under %s', (key, registry) => {
    const { credentials } = decode({ [key]: { auth: base64('user:pass') } });
    expect(credentials(registry)).toEqual([{ username: 'user', password: 'pass' }]);
    expect(credentials('other.example')).toEqual([]);
  });

  it('answers every match, that of the longest path first', () => {
    const { credentials } = decode({
      'quay.io': { username: 'all', password: 'x' },
      'quay.io/team': { username: 'team', password: 'x' },
      'quay.io/team/app': { username: 'app', password: 'x' },
    });
    const userOf = (repository?: string) =>
      credentials('quay.io', repository)
        .map(({ username }) => username)
        .join();
    expect(userOf()).toBe('all');
    expect(userOf('other/app')).toBe('all');
    expect(userOf('teammate/app')).toBe('all');
    expect(userOf('team/tool')).toBe('team,all');
    expect(userOf('team/app')).toBe('app,team,all');
    expect(userOf('team/app/deep')).toBe('app,team,all');
  });

  it('takes slashes off the end of a key, and reads a key full of them in one pass', () => {
    const file = (key: string) =>
      decodeDockerAuthFile(JSON.stringify({ auths: { [key]: { username: 'u', password: 'p' } } }));
    const decoded = file('https://quay.io///');
    expect(decoded.ok && decoded.credentials('quay.io')).toEqual([
      { username: 'u', password: 'p' },
    ]);
    // With the square of a million steps this would take half an hour.
    expect(file(`quay.io${'/'.repeat(1_000_000)}a`).ok).toBe(true);
  });

  it('cuts user and password at the first colon and drops trailing NULs', () => {
    const { credentials } = decode({ 'r.example': { auth: base64('robot$x:a:b\0\0') } });
    expect(credentials('r.example')).toEqual([{ username: 'robot$x', password: 'a:b' }]);
  });

  it('names the entries it cannot use', () => {
    const { ignored, credentials } = decode({
      'helper.example': {},
      'nobody.example': { auth: base64('user:') },
    });
    expect(ignored).toEqual(['helper.example', 'nobody.example']);
    expect(credentials('nobody.example')).toEqual([]);
  });

  it.each([
    [
      'an identity token, with the user of its entry',
      { auth: base64('00000000:'), identitytoken: 'secret' },
      { username: '00000000', password: 'secret', token: 'identity' },
    ],
    [
      'an identity token of nobody, rather than a password',
      { username: '', password: 'x', identitytoken: 'secret' },
      { username: '', password: 'secret', token: 'identity' },
    ],
    [
      'an identity token in the place of a password, as credential helpers keep it',
      { auth: base64('<token>:secret') },
      { username: '<token>', password: 'secret', token: 'identity' },
    ],
    [
      'a registry token, rather than anything else',
      { auth: base64('user:x'), identitytoken: 'y', registrytoken: 'secret' },
      { username: '', password: 'secret', token: 'registry' },
    ],
  ])('takes %s', (_, entry, credential) => {
    const { credentials, ignored } = decode({ 'r.example': entry });
    expect(credentials('r.example')).toEqual([credential]);
    expect(ignored).toEqual([]);
  });

  it('accepts a file without entries', () => {
    expect(decodeDockerAuthFile('{"credsStore":"desktop"}').ok).toBe(true);
  });

  it.each([
    ['{"auths":{"r.example":{"auth":"hunter2 "}}}', 'auths["r.example"].auth is not base64'],
    [`{"auths":{"r.example":{"auth":"${base64('hunter2')}"}}}`, 'auths["r.example"].auth'],
    ['{"auths":{"":{}}}', 'names no registry'],
    ['{"auths":{"a b":{}}}', 'names no registry'],
    ['{"auths":[]}', 'auths is not an object'],
    ['[]', 'not a JSON object'],
    ['{"auths": hunter2', 'not a JSON object'],
    [' '.repeat(1024 * 1024 + 1), 'larger than'],
  ])('says what is wrong without showing it', (text, problem) => {
    const decoded = decodeDockerAuthFile(text);
    expect(decoded).toMatchObject({ ok: false, message: expect.stringContaining(problem) });
    expect(JSON.stringify(decoded)).not.toContain('hunter2');
  });

  it('reads back any user and password', () => {
    const user = fc
      .string({ minLength: 1, unit: 'grapheme' })
      .filter((text) => !text.includes(':') && text !== '<token>');
    const password = fc
      .string({ minLength: 1, unit: 'grapheme' })
      .filter((text) => !text.endsWith('\0'));
    fc.assert(
      fc.property(user, password, (username, secret) => {
        const { credentials } = decode({ 'r.example': { auth: base64(`${username}:${secret}`) } });
        expect(credentials('r.example')).toEqual([{ username, password: secret }]);
      }),
    );
  });
});

describe('decodeDockercfg', () => {
  it('reads what would be the auths of a config.json', () => {
    const decoded = decodeDockercfg(
      JSON.stringify({ 'https://index.docker.io/v1/': { auth: base64('user:pass') } }),
      { name: 'secret "old"' },
    );
    if (!decoded.ok) throw new Error(decoded.message);
    const credential = { name: 'secret "old"', username: 'user', password: 'pass' };
    expect(decoded.credentials('docker.io')).toEqual([credential]);
  });

  it('says what is wrong without showing it', () => {
    const decoded = decodeDockercfg('["hunter2"]');
    expect(decoded).toEqual({ ok: false, message: 'not a JSON object' });
  });
});
