import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliError } from '../cli-error.ts';
import { readConnectionSettings } from './connection-settings.ts';
import { encodeKubeconfig } from './kubeconfig.ts';

let cwd = '';

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tagtrail-cli-'));
});

afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function writeKubeconfig(path: string, namespace: string): void {
  const server = 'http://127.0.0.1:8420/';
  writeFileSync(join(cwd, path), encodeKubeconfig({ server, token: 's3cret', namespace }));
}

describe('readConnectionSettings', () => {
  it('reads ./.tagtrail/kubeconfig when KUBECONFIG is not set', () => {
    mkdirSync(join(cwd, '.tagtrail'));
    writeKubeconfig('.tagtrail/kubeconfig', 'demo');
    expect(readConnectionSettings({}, { cwd, kubeconfig: undefined })).toEqual({
      server: 'http://127.0.0.1:8420',
      namespace: 'demo',
      token: 's3cret',
    });
  });

  it('takes the first file of the KUBECONFIG list that exists', () => {
    writeKubeconfig('two', 'second');
    writeKubeconfig('three', 'third');
    const settings = readConnectionSettings({}, { cwd, kubeconfig: 'one:two:three' });
    expect(settings.namespace).toBe('second');
  });

  it('lets flags win over the file', () => {
    writeKubeconfig('k', 'demo');
    const flags = { kubeconfig: 'k', namespace: 'other', token: 'mine' };
    expect(readConnectionSettings(flags, { cwd, kubeconfig: undefined })).toEqual({
      server: 'http://127.0.0.1:8420',
      namespace: 'other',
      token: 'mine',
    });
  });

  it("never sends the file's token to another server", () => {
    writeKubeconfig('k', 'demo');
    const flags = { server: 'http://elsewhere.example:8420' };
    expect(readConnectionSettings(flags, { cwd, kubeconfig: 'k' })).toEqual({
      server: 'http://elsewhere.example:8420',
      namespace: 'demo',
    });
  });

  it('reads a token file beside the kubeconfig', () => {
    const config = {
      'current-context': 'c',
      clusters: [{ name: 'x', cluster: { server: 'http://127.0.0.1:1' } }],
      users: [{ name: 'u', user: { tokenFile: 'u.token' } }],
      contexts: [{ name: 'c', context: { cluster: 'x', user: 'u' } }],
    };
    writeFileSync(join(cwd, 'k'), JSON.stringify(config));
    writeFileSync(join(cwd, 'u.token'), 'from-file\n');
    expect(readConnectionSettings({}, { cwd, kubeconfig: 'k' }).token).toBe('from-file');
  });

  it.each([
    [
      undefined,
      'no .tagtrail/kubeconfig here and KUBECONFIG is not set: run `npm start` or `tagtrail up` first, or give --server and --token',
    ],
    [
      'gone',
      'no file named by KUBECONFIG (gone) exists: run `npm start` or `tagtrail up` first, or give --server and --token',
    ],
  ])('says what to run when there is no kubeconfig (KUBECONFIG=%s)', (kubeconfig, message) => {
    expect(() => readConnectionSettings({}, { cwd, kubeconfig })).toThrow(
      new CliError('kubeconfig', message),
    );
  });

  it('refuses a server that is no URL', () => {
    expect(() =>
      readConnectionSettings({ server: '127.0.0.1:8420' }, { cwd, kubeconfig: undefined }),
    ).toThrow('server "127.0.0.1:8420" is not an http:// or https:// URL');
  });
});
