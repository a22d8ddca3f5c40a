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

/** The places of the manifests that were read, and the problems of the others. */
async function read(paths: readonly string[], stdin?: string): Promise<readonly string[]> {
  const entries = await readManifests(paths, sources(stdin));
  return entries.flatMap((entry) => (entry.ok ? [entry.manifest.place] : entry.problems));
}

describe('readManifests', () => {
  it('reads files in the order given and folders by name', async () => {
    writeFileSync(join(cwd, 'b.yaml'), stream('b'));
    writeFileSync(join(cwd, 'a.yml'), stream('a'));
    writeFileSync(join(cwd, 'notes.txt'), 'no manifest');
    expect(await read(['b.yaml', '.'])).toEqual([
      'b.yaml: document 1',
      'a.yml: document 1',
      'b.yaml: document 1',
    ]);
  });

  it('reads standard input', async () => {
    expect(await read(['-'], stream('piped'))).toEqual(['standard input: document 1']);
  });

  it.each([
    ['gone.yaml', 'cannot read gone.yaml: no such file or directory'],
    ['.', '.: no .yaml, .yml or .json file in this folder'],
    [
      'https://example.com/x.yaml',
      'https://example.com/x.yaml: URLs are not read; pipe it: curl URL | tagtrail … -f -',
    ],
  ])('says why it cannot read %s, and reads the others', async (path, problem) => {
    expect(await read([path, '-'], stream('web'))).toEqual([problem, 'standard input: document 1']);
  });

  it('refuses what is larger than any definition', async () => {
    const large = '# '.repeat(5_000_000);
    writeFileSync(join(cwd, 'large.yaml'), large);
    expect(await read(['large.yaml', '-'], large)).toEqual([
      'large.yaml: larger than 4 MiB; split it into several files',
      'standard input: larger than 4 MiB; split it into several files',
    ]);
  });

  it('refuses what is no text', async () => {
    writeFileSync(join(cwd, 'utf16.yaml'), Buffer.from(stream('web'), 'utf16le'));
    expect(await read(['utf16.yaml'])).toEqual(['utf16.yaml: not a text in UTF-8; save it as one']);
  });

  it('reads a text with a byte order mark', async () => {
    expect(await read(['-'], `\ufeff${stream('web')}`)).toEqual(['standard input: document 1']);
  });

  it('says that a file is empty', async () => {
    writeFileSync(join(cwd, 'empty.yaml'), '');
    expect(await read(['empty.yaml'])).toEqual([
      'empty.yaml: no object in it; a definition begins with "kind: ImageStream"',
    ]);
  });
});
