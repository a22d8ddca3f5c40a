import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { json, openScriptedApi } from '../testing/scripted-api.ts';
import { readConnectionSettings } from './connection-settings.ts';

let cwd = '';

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tagtrail-cli-'));
});

afterEach(() => rmSync(cwd, { recursive: true, force: true }));

it('names the kubeconfig whose server is no URL', () => {
  const config = {
    'current-context': 'c',
    clusters: [{ name: 'x', cluster: { server: '127.0.0.1:8420' } }],
    contexts: [{ name: 'c', context: { cluster: 'x' } }],
  };
  const path = join(cwd, 'k');
  writeFileSync(path, JSON.stringify(config));
  expect(() => readConnectionSettings({ kubeconfig: 'k' }, { cwd, kubeconfig: undefined })).toThrow(
    `${path}: server "127.0.0.1:8420" is not an http:// or https:// URL`,
  );
});

it('gives up a list of tags that never ends', async () => {
  const api = await openScriptedApi();
  try {
    const page = { kind: 'ImageStreamTagList', metadata: { continue: 'more' }, items: [] };
    const { exitCode, stderr } = await api.run('get istag', json(200, page));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/: the list of tags has more than 1000 pages\n$/u);
    expect(api.requests).toHaveLength(1000);
  } finally {
    await api[Symbol.asyncDispose]();
  }
});
