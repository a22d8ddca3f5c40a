import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { changed, FROM, LOOKUP, RIGHT, RULES } from './definition-rules.ts';
import { type Installation, openInstallation } from './installation.ts';
import { runTagtrail } from './run-tagtrail.ts';

const NAMESPACE = 'demo';
const GOOD = 'kind: ImageStream\nmetadata: {name: good}\n';
/** Lines before the first one of the second document. */
const ABOVE = 3;
const CREATED = 'imagestream.image.openshift.io/good created\n';
const NOTHING_SENT = 'nothing was sent; --keep-going sends what has no mistake in it';
let tagtrail: Installation;
let cwd = '';

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'tagtrail-wrong-'));
  tagtrail = await openInstallation({ api: 1 });
});

afterAll(async () => {
  await tagtrail[Symbol.asyncDispose]();
  rmSync(cwd, { recursive: true, force: true });
});

afterEach(async () => {
  for (const name of await storedNames()) {
    await tagtrail.client.streams.delete({ namespace: NAMESPACE, name });
  }
});

async function storedNames(): Promise<readonly string[]> {
  const { items } = await tagtrail.client.streams.listAll({ namespace: NAMESPACE });
  return items.map(({ metadata }) => metadata.name);
}

function run(line: string, stdin?: string) {
  const { server, token } = tagtrail;
  const around = { cwd, server, token, ...(stdin !== undefined && { stdin }) };
  return runTagtrail([...line.split(' '), '-n', NAMESPACE], around);
}

/** What the API says to a definition that no command looked at before. */
async function post(body: string): Promise<{ readonly code: number; readonly message: string }> {
  const { server, token } = tagtrail;
  const path = `/apis/image.openshift.io/v1/namespaces/${NAMESPACE}/imagestreams`;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(`${server}${path}`, { method: 'POST', headers, body });
  const { message = '' } = (await response.json()) as { readonly message?: string };
  return { code: response.status, message };
}

/** Applies a file whose first document is right: nothing of it may be stored, and with --keep-going only that one. */
async function applyBeside(wrong: string): Promise<readonly string[]> {
  writeFileSync(join(cwd, 'f.yaml'), `${GOOD}---\n${wrong}`);
  const { exitCode, stdout, stderr } = await run('apply -f f.yaml');
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(await storedNames()).toEqual([]);
  const lines = stderr.trimEnd().split('\n');
  expect(lines.pop()).toBe(NOTHING_SENT);
  const kept = await run('apply -f f.yaml --keep-going');
  expect(kept).toEqual({ exitCode: 1, stdout: CREATED, stderr: `${lines.join('\n')}\n` });
  expect(await storedNames()).toEqual(['good']);
  return lines;
}

function problem(line: number, text: string): string {
  return `error: f.yaml: document 2, line ${ABOVE + line}: ${text}`;
}

describe('a definition against the rules', () => {
  const rules = RULES.map(([right, wrong, line, says, advice = '']) => {
    return { right, wrong, line, says, advice };
  });

  it.each(rules)(
    'is refused by the command and by the API: $right as $wrong',
    async ({ right, wrong, line, says, advice }) => {
      const definition = changed(right, wrong);
      expect(await applyBeside(definition)).toEqual([problem(line, `${says}${advice}`)]);
      const { code, message } = await post(JSON.stringify(parse(definition)));
      expect(code).toBe(422);
      expect(message).toContain(says);
      expect(await storedNames()).toEqual(['good']);
    },
  );

  it.each(['quay.io', 'registry.example.com:5000', 'localhost'])(
    'is refused when it names the registry %s without a repository',
    async (registry) => {
      const definition = changed(FROM, `{kind: DockerImage, name: "${registry}"}`);
      const says = `spec.tags[latest].from.name: Invalid value: "${registry}": names a registry without a repository; write ${registry}/REPOSITORY[:TAG]`;
      expect(await applyBeside(definition)).toEqual([problem(10, says)]);
      const { code, message } = await post(JSON.stringify(parse(definition)));
      expect([code, message]).toEqual([422, expect.stringContaining(says)]);
    },
  );
});

describe('what the API would drop or keep half of', () => {
  it.each([
    ['metadata:', 'metadata:\n  spec: {}', 4, 'unknown field metadata.spec; did you mean spec?'],
    [
      'metadata:',
      'metadata:\n  tags: []',
      4,
      'unknown field metadata.tags; did you mean spec.tags?',
    ],
    ['spec:', 'specs:', 6, 'unknown field specs; did you mean spec?'],
    ['kind: ImageStream', 'Kind: ImageStream', 1, 'unknown field Kind; did you mean kind?'],
    [
      'scheduled: true',
      'schedule: true',
      11,
      'unknown field spec.tags[0].importPolicy.schedule; did you mean spec.tags[0].importPolicy.scheduled?',
    ],
    [LOOKUP, 'replicas: 3', 7, 'unknown field spec.replicas'],
    [
      '  - name: latest\n',
      '  - name: latest\n  - name: latest\n',
      10,
      'spec.tags[1].name: Duplicate value: "latest": spec.tags[0] has it; keep one of them',
    ],
    [
      '  name: bad\n',
      '  name: bad\n  name: worse\n',
      5,
      'the key name is there twice in one object; keep one of them',
    ],
  ])('is refused by the command: %j as %j', async (right, wrong, line, says) => {
    expect(await applyBeside(changed(right, wrong))).toEqual([problem(line, says)]);
  });
});

describe('a text that is no definition', () => {
  const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 9; level += 1) {
    bomb.push(
      `a${level}: &a${level} [${Array(9)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
    );
  }
  it.each([
    ['a list', '- 1\n', 1, 'is not an object; a definition begins with "kind: ImageStream"'],
    ['another kind', 'kind: Pod\n', 1, 'kind: "Pod" is not known: must be ImageStream'],
    ['no kind', 'metadata: {}\n', 1, 'kind: Required value: must be ImageStream'],
    [
      'a wrong indent',
      'kind: ImageStream\nmetadata:\n   name: bad\n  namespace: demo\n',
      4,
      'All mapping items must start at the same column; indent it like the lines beside it',
    ],
    [
      'a bomb of aliases',
      bomb.join('\n'),
      2,
      'the aliases stand for more than 100 values; write the values out',
    ],
    [
      'a value within itself',
      'kind: ImageStream\nmetadata: &m {name: bad, labels: *m}\n',
      2,
      '*m stands for what it is itself a part of; write the value out',
    ],
    [
      'an endless depth',
      `kind: ImageStream\nspec: ${'{a: '.repeat(20_000)}`,
      2,
      'nested too deeply to be read; an image stream needs six levels',
    ],
  ])('is refused by its document and line: %s', async (_, wrong, line, says) => {
    expect(await applyBeside(wrong)).toEqual([problem(line, says)]);
  });

  it.each([
    ['is empty', '', 'no object in it; a definition begins with "kind: ImageStream"'],
    [
      'has comments only',
      '# a\n---\n# b\n',
      'no object in it; a definition begins with "kind: ImageStream"',
    ],
    [
      'is of 10 MB',
      `${GOOD}${'# '.repeat(5_000_000)}`,
      'larger than 4 MiB; split it into several files',
    ],
    ['is no text', Buffer.from(GOOD, 'utf16le'), 'not a text in UTF-8; save it as one'],
  ])('keeps the files beside it from being sent when it %s', async (_, wrong, says) => {
    writeFileSync(join(cwd, 'f.yaml'), wrong);
    expect(await run('apply -f f.yaml -f -', GOOD)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `error: f.yaml: ${says}\n${NOTHING_SENT}\n`,
    });
    expect(await storedNames()).toEqual([]);
    const kept = await run('apply -f f.yaml -f - --keep-going', GOOD);
    expect(kept).toEqual({ exitCode: 1, stdout: CREATED, stderr: `error: f.yaml: ${says}\n` });
  });

  it('is refused by the API too: too large, too deep, not JSON', async () => {
    const large = JSON.stringify({ ...(parse(RIGHT) as object), x: 'x'.repeat(10_000_000) });
    expect((await post(large)).code).toBe(413);
    expect((await post(`{"a":${'['.repeat(100_000)}`)).code).toBe(400);
    expect((await post(RIGHT)).code).toBe(400);
    expect(await storedNames()).toEqual([]);
  });
});

describe('what only the API can know', () => {
  it('is told with its document, and the others are written', async () => {
    const large = changed(
      '  - name: latest',
      `  - name: latest\n    annotations: {a: ${'x'.repeat(3_500_000)}}`,
    );
    writeFileSync(join(cwd, 'f.yaml'), `${RIGHT.replace('bad', 'first')}---\n${large}---\n${GOOD}`);
    const { exitCode, stdout, stderr } = await run('create -f f.yaml');
    const written = (name: string) => `imagestream.image.openshift.io/${name} created\n`;
    expect([exitCode, stdout]).toEqual([1, written('first') + written('good')]);
    expect(stderr).toMatch(
      /^Error from server \(RequestEntityTooLarge\): .* \(f\.yaml: document 2, line 14\)\n$/u,
    );
    expect(await storedNames()).toEqual(['first', 'good']);
  });

  it('is told with the document when it is about no field', async () => {
    writeFileSync(join(cwd, 'f.yaml'), `${GOOD}---\n${RIGHT}`);
    await run('create -f -', RIGHT);
    const { exitCode, stdout, stderr } = await run('create -f f.yaml');
    expect([exitCode, stdout]).toEqual([1, CREATED]);
    expect(stderr).toBe(
      'Error from server (AlreadyExists): imagestreams.image.openshift.io "bad" already exists (f.yaml: document 2, line 4)\n',
    );
  });
});
