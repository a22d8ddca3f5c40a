import { describe, expect, it } from 'vitest';
import { CliError } from '../cli-error.ts';
import { parseManifests } from './parse-manifests.ts';

const web = { kind: 'ImageStream', metadata: { name: 'web' } };
const api = { kind: 'ImageStream', metadata: { name: 'api', namespace: 'demo' } };

describe('parseManifests', () => {
  it('reads several documents and skips empty ones, but counts them', () => {
    const text = `---
# only a comment
---
kind: ImageStream
metadata: {name: web}
---
kind: ImageStream
metadata: {name: api, namespace: demo}
`;
    expect(parseManifests(text, 'f.yaml')).toEqual([
      { place: 'f.yaml: document 2', object: web, name: 'web' },
      { place: 'f.yaml: document 3', object: api, name: 'api', namespace: 'demo' },
    ]);
  });

  it('reads JSON, tabs and all', () => {
    const text = JSON.stringify(web, undefined, '\t');
    expect(parseManifests(text, 'f.json').map((one) => one.object)).toEqual([web]);
  });

  it.each(['List', 'ImageStreamList'])('takes a %s apart', (kind) => {
    const list = JSON.stringify({ kind, apiVersion: 'v1', items: [web, api] });
    expect(parseManifests(list, '-').map((one) => [one.place, one.name])).toEqual([
      ['-: document 1, items[0]', 'web'],
      ['-: document 1, items[1]', 'api'],
    ]);
  });

  it.each([
    ['', 'f: no object in it'],
    ['- 1', 'f: document 1: is not an object'],
    ['kind: ImageStream', 'f: document 1: metadata.name: Required value'],
    ['kind: List\nitems: [1]', 'f: document 1, items[0]: is not an object'],
  ])('names the place of the mistake in %j', (text, message) => {
    expect(() => parseManifests(text, 'f')).toThrow(new CliError('manifest', message));
  });

  it('names document and line of a syntax error', () => {
    const text = 'kind: ImageStream\nmetadata: {name: a}\n---\nb: 1\nb: 2\n';
    expect(() => parseManifests(text, 'f')).toThrow(
      new CliError('manifest', 'f: document 2, line 5: Map keys must be unique'),
    );
  });

  it('stops a document that grows by aliases', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level += 1) {
      const alias = `*a${level - 1}`;
      lines.push(`a${level}: &a${level} [${Array(10).fill(alias).join(', ')}]`);
    }
    expect(() => parseManifests(lines.join('\n'), 'f')).toThrow('Excessive alias count');
  });
});
