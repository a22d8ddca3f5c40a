import { describe, expect, it } from 'vitest';
import { type Manifest, parseManifests } from './parse-manifests.ts';

const web = { kind: 'ImageStream', metadata: { name: 'web' } };
const api = { kind: 'ImageStream', metadata: { name: 'api', namespace: 'demo' } };

function manifestsOf(text: string): readonly Manifest[] {
  return parseManifests(text, 'f').flatMap((entry) => (entry.ok ? [entry.manifest] : []));
}

function problemsOf(text: string): readonly string[] {
  return parseManifests(text, 'f').flatMap((entry) => (entry.ok ? [] : entry.problems));
}

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
    expect(manifestsOf(text).map(({ place, object }) => [place, object])).toEqual([
      ['f: document 2', web],
      ['f: document 3', api],
    ]);
    expect(problemsOf(text)).toEqual([]);
  });

  it('reads JSON, tabs and all', () => {
    const text = JSON.stringify(web, undefined, '\t');
    expect(manifestsOf(text).map((one) => one.object)).toEqual([web]);
  });

  it.each(['List', 'ImageStreamList'])('takes a %s apart', (kind) => {
    const list = JSON.stringify({ kind, apiVersion: 'v1', items: [web, api] }, undefined, 1);
    const manifests = manifestsOf(list);
    expect(manifests.map(({ place, object }) => [place, object])).toEqual([
      ['f: document 1, items[0]', web],
      ['f: document 1, items[1]', api],
    ]);
    expect(manifests.map(({ lineOf }) => lineOf('metadata.name'))).toEqual([8, 14]);
  });

  it.each([
    ['', 'f: no object in it; a definition begins with "kind: ImageStream"'],
    ['# nothing\n---\n', 'f: no object in it; a definition begins with "kind: ImageStream"'],
    [
      '---\n\n- 1',
      'f: document 1, line 3: is not an object; a definition begins with "kind: ImageStream"',
    ],
    [
      'just text',
      'f: document 1, line 1: is not an object; a definition begins with "kind: ImageStream"',
    ],
    [
      'kind: List\nitems:\n- kind: ImageStream\n- 1',
      'f: document 1, items[1], line 4: is not an object; a definition begins with "kind: ImageStream"',
    ],
    [
      'a: 1\n---\nb: 1\nc: 1\nb: 2\n',
      'f: document 2, line 5: the key b is there twice in one object; keep one of them',
    ],
    [
      '{"a": {"b": 1,\n "b": 2}}',
      'f: document 1, line 2: the key "b" is there twice in one object; keep one of them',
    ],
    [
      'a: b: c',
      'f: document 1, line 1: Nested mappings are not allowed in compact mappings; a value with ": " in it needs quotes',
    ],
    ['a:\n\tb: 1', 'f: document 1, line 2: Tabs are not allowed as indentation; use blanks'],
    [
      'a:\n  b: 1\n c: 1',
      'f: document 1, line 3: All mapping items must start at the same column; indent it like the lines beside it',
    ],
    [
      'a: "\\d"',
      'f: document 1, line 1: Invalid escape sequence \\d; in double quotes a backslash is written \\\\',
    ],
    [
      'a: @b',
      'f: document 1, line 1: Plain value cannot start with reserved character @; put the value in quotes',
    ],
    [
      'a\nb: 1',
      'f: document 1, line 1: Implicit keys need to be on a single line; is there a ":" missing, or a quote?',
    ],
    ['a: !chart {}', 'f: document 1, line 1: the tag !chart is not known; leave it out'],
    [
      'a: &a\n  b: *a',
      'f: document 1, line 2: *a stands for what it is itself a part of; write the value out',
    ],
    [
      '1: a\n"1": b',
      'f: document 1, line 2: the key "1" is there twice in one object; keep one of them',
    ],
    [
      'a: 1\n? [b]\n: 2',
      'f: document 1, line 2: a map or a list cannot be a key; leave out the "?", or put the key in quotes',
    ],
    ['a: &x 1\nb: *y', 'f: document 1, line 2: *y stands for nothing; define &y before it'],
  ])('says what is wrong with %j, and where', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it('reads what is right beside what is wrong', () => {
    const text = 'kind: ImageStream\n---\na: b: c\n---\n- 1\n---\nkind: ImageStream\n';
    expect(manifestsOf(text).map(({ place }) => place)).toEqual(['f: document 1', 'f: document 4']);
    expect(problemsOf(text)).toHaveLength(2);
  });

  it('stops a document that grows by aliases', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level += 1) {
      const alias = `*a${level - 1}`;
      lines.push(`a${level}: &a${level} [${Array(10).fill(alias).join(', ')}]`);
    }
    expect(problemsOf(lines.join('\n'))).toEqual([
      'f: document 1, line 2: the aliases stand for more than 100 values; write the values out',
    ]);
  });

  it('allows aliases that stay small', () => {
    const text = 'kind: ImageStream\nmetadata: {name: &n web, labels: {app: *n}}\n';
    expect(manifestsOf(text)[0]?.object).toEqual({
      kind: 'ImageStream',
      metadata: { name: 'web', labels: { app: 'web' } },
    });
  });

  it('shows the first of many mistakes, for they cause the others', () => {
    const problems = problemsOf('['.repeat(500));
    expect(problems).toHaveLength(6);
    expect(problems[5]).toBe('f: document 1: 495 more mistakes');
  });

  it.each(['{"a":', '- ', '['])('stops a document that nests %j without end', (opening) => {
    expect(problemsOf(opening.repeat(20_000))).toEqual([
      'f: document 1, line 1: nested too deeply to be read; an image stream needs six levels',
    ]);
  });

  it.each([
    ['- ', 90, true],
    ['- ', 102, false],
    ['- ', 1_200, false],
    ['{"a": ', 49, true],
    ['{"a": ', 52, false],
  ])('reads %j nested %d times: %s', (opening, times, isRead) => {
    const closing = opening.startsWith('{') ? '}'.repeat(times) : '';
    const [entry] = parseManifests(`kind: X\na: \n  ${opening.repeat(times)}1${closing}\n`, 'f');
    expect(entry?.ok).toBe(isRead);
  });

  it('reads merged keys, as kubectl does', () => {
    const text = 'kind: ImageStream\na: &a {x: 1}\nb: {<<: *a, y: 2}\n';
    expect(manifestsOf(text)[0]?.object['b']).toEqual({ x: 1, y: 2 });
  });

  it.each([
    ['quotes', '"'.repeat(200_000)],
    ['keys', Array.from({ length: 50_000 }, (_, index) => `k${index}: 1`).join('\n')],
    ['anchors', Array.from({ length: 50_000 }, (_, index) => `- &x${index} 1`).join('\n')],
    ['documents', '---\n'.repeat(100_000)],
  ])('takes time in proportion to the text for many %s', (_, text) => {
    const started = performance.now();
    parseManifests(text, 'f');
    // What is in proportion takes half a second; what is not takes minutes.
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('a manifest', () => {
  const [manifest] = manifestsOf(`---
kind: ImageStream
metadata:
  name: web
  annotations:
    tagtrail.dev/schedule: 2s
spec:
  tags:
  - name: "1"
    from: &source
      kind: DockerImage
      name: 3.10
  -
    name: "2"
    from: *source
`);

  it.each([
    ['', 2],
    ['kind', 2],
    ['metadata', 3],
    ['metadata.annotations[tagtrail.dev/schedule]', 6],
    ['spec.tags', 8],
    ['spec.tags[0]', 9],
    ['spec.tags[0].from.name', 12],
    ['spec.tags[0].importPolicy.scheduled', 9],
    ['spec.tags[1].name', 14],
    ['spec.tags[1].from.name', 12],
    ['spec.tags[7].name', 8],
    ['spec.dockerImageRepository', 7],
    ['nonsense', 2],
  ])('knows the line of "%s", or of what is above it: %d', (field, line) => {
    expect(manifest?.lineOf(field)).toBe(line);
  });

  it('knows how a value is spelled', () => {
    expect(manifest?.sourceOf('spec.tags[0].from.name')).toBe('3.10');
    expect(manifest?.sourceOf('spec.tags[0].from')).toBeUndefined();
    expect(manifest?.sourceOf('spec.tags[0].missing')).toBeUndefined();
  });
});
