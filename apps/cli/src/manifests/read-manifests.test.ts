import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ManifestSources, readManifests } from './read-manifests.ts';

let cwd = '';

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tagtrail-cli-'));
});

afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function stream(name: string): string {
  return `kind: ImageStream\nmetadata: {name: ${name}}\n`;
}

function sources(stdin = ''): ManifestSources {
  return { cwd, openStdin: () => Readable.from([stdin]) };
}

describe('readManifests', () => {
  it('reads files in the order given and folders by name', async () => {
    writeFileSync(join(cwd, 'b.yaml'), stream('b'));
    writeFileSync(join(cwd, 'a.yml'), stream('a'));
    writeFileSync(join(cwd, 'notes.txt'), 'no manifest');
    const manifests = await readManifests(['b.yaml', '.'], sources());
    expect(manifests.map((one) => one.place)).toEqual([
      'b.yaml: document 1',
      'a.yml: document 1',
      'b.yaml: document 1',
    ]);
  });

  it('reads standard input', async () => {
    const manifests = await readManifests(['-'], sources(stream('piped')));
    expect(manifests.map((one) => [one.place, one.name])).toEqual([
      ['standard input: document 1', 'piped'],
    ]);
  });

  it.each([
    ['gone.yaml', 'cannot read gone.yaml: no such file or directory'],
    ['.', '.: no .yaml, .yml or .json file in this folder'],
    ['https://example.com/x.yaml', 'https://example.com/x.yaml: URLs are not read'],
  ])('says why it cannot read %s', async (path, message) => {
    await expect(readManifests([path], sources())).rejects.toThrow(message);
  });
});
