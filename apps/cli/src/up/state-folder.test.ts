import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeKubeconfig } from '../connection/kubeconfig.ts';
import { ensureToken, openStateFolder, writeKubeconfig } from './state-folder.ts';

let cwd = '';

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tagtrail-cli-'));
});

afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function mode(path: string): number {
  return statSync(path).mode & 0o777;
}

describe('state folder', () => {
  it('is for its owner only', () => {
    const folder = openStateFolder('.tagtrail', cwd);
    expect(folder.shown).toBe('./.tagtrail');
    expect(mode(folder.path)).toBe(0o700);
    expect(mode(folder.logs)).toBe(0o700);
  });

  it('makes a token once', () => {
    const folder = openStateFolder('.tagtrail', cwd);
    const token = ensureToken(folder);
    expect(token).toMatch(/^[\w-]{43}$/u);
    expect(mode(folder.tokenFile)).toBe(0o600);
    expect(ensureToken(openStateFolder('.tagtrail', cwd))).toBe(token);
  });

  it('makes the token anew when a start left the file empty', () => {
    const folder = openStateFolder('.tagtrail', cwd);
    writeFileSync(folder.tokenFile, '');
    expect(ensureToken(folder)).toMatch(/^[\w-]{43}$/u);
  });

  it('holds a kubeconfig that only its owner reads', () => {
    const folder = openStateFolder('.tagtrail', cwd);
    const content = { server: 'http://127.0.0.1:8420', token: 't', namespace: 'demo' };
    writeKubeconfig(folder, { ...content, namespace: 'other' });
    writeKubeconfig(folder, content);
    expect(mode(folder.kubeconfig)).toBe(0o600);
    expect(decodeKubeconfig(readFileSync(folder.kubeconfig, 'utf8'))).toMatchObject({
      ok: true,
      context: { namespace: 'demo' },
    });
  });

  it('says in one line why it cannot be used', () => {
    writeFileSync(join(cwd, 'file'), '');
    expect(() => openStateFolder('file/folder', cwd)).toThrow(
      'cannot write to data folder ./file/folder: not a directory; choose another with --data-dir',
    );
  });
});
