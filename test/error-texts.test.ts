import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { namedTexts, unnamedTexts } from './texts/named-texts.ts';
import { type SpokenText, shownText, spokenTexts } from './texts/spoken-texts.ts';
import type { SourceText } from './texts/syntax.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Whose texts reach people and clients: the command, the API and its client, the rules whose words they repeat, and who
 * asks registries, since why a look failed is told in conditions.
 */
const SPEAKERS = [
  'apps/api/src',
  'apps/cli/src',
  'apps/registry/src',
  'apps/worker/src',
  'packages/api-client/src',
  'packages/apimachinery/src',
  'packages/image-reference/src',
  'packages/image-stream/src',
  'packages/import-contract/src',
  'packages/registry-client/src',
  'packages/tls-server/src',
  'packages/upstream-registries/src',
];

/** Texts without a test, and why. */
const EXCUSED: Readonly<Record<string, string>> = {
  'To begin with:': 'help, and no error',
  'is not ready after': 'a test would wait half a minute',
  '--demo needs the folder examples/': 'every checkout and every bundle has it',
  ': the server failed': 'such a comment too',
  'the registry failed; its log says why': 'what nobody has thought of',
  'may not be used by this user': 'whoever tests may use every port',
  'tagtrail registry tokens': 'a purpose, told to nobody',
};

const sources = ['apps', 'packages', 'test'].flatMap(sourcesIn);
const tests = sources.filter(
  ({ file }) => file.endsWith('.test.ts') && file !== 'test/error-texts.test.ts',
);
const spoken = sources.filter(isSpeaker).flatMap(spokenTexts);
const named = tests.flatMap(namedTexts);

function sourcesIn(folder: string): readonly SourceText[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
    .map((name) => join(folder, name))
    .map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }));
}

function isSpeaker({ file }: SourceText): boolean {
  if (file.endsWith('.test.ts') || file.includes('/testing/')) return false;
  return SPEAKERS.some((folder) => file.startsWith(`${folder}/`));
}

function isExcused(text: SpokenText): boolean {
  return Object.keys(EXCUSED).some((words) => shownText(text).includes(words));
}

describe('every text that a user or a client can be told', () => {
  it('is named by a test', () => {
    const missing = unnamedTexts(spoken, named)
      .filter((text) => !isExcused(text))
      .map((text) => `${text.place}: ${shownText(text)}`);
    expect(missing, 'write a test that expects each of these').toEqual([]);
  });

  it('is excused only while no test names it', () => {
    const unnamed = unnamedTexts(spoken, named).map(shownText);
    const idle = Object.keys(EXCUSED).filter(
      (words) => !unnamed.some((one) => one.includes(words)),
    );
    expect(idle, 'take these off the list').toEqual([]);
  });
});

describe('a text that no test names', () => {
  it.each([
    'to import images by ID',
    'cannot read ',
    'unknown field ',
    'is not currently pointing to an image',
    'only tags pointing to Docker repositories',
    'there is no list of ',
    'repository name must be lowercase',
    'dryRun must be a list',
    'is this the address of the Tagtrail API?',
    'its link to the next page has no cursor',
    'is the registry reachable and well?',
    'a tag whose name no tag can have',
  ])('is found among the real ones: "%s" without the tests that name it', (words) => {
    const rest = named.filter((one) => !one.includes(words.trim()));
    const missing = unnamedTexts(spoken, rest).map(shownText);
    expect(missing).toContainEqual(expect.stringContaining(words));
  });

  const speaking = `
    export const kind: 'no words' | 'in types' = 'x';
    const advice = 'put it in quotes';
    function problem(name: string) {
      if (name === '') return 'a name is required' as const;
      return list.map((one) => \`\${one} is taken by \${name}\`);
    }
    throw new CliError('usage', 'empty', { hint: \`see \${advice}\` });
    addCommand(line, 'up', { summary: 'Run it all', details: 'Of help.' }).option('-x', 'an x');
    metrics.gauge({ name: 'lag', help: 'How late it is.' });
    this.#parts.logger.warn({ err }, 'it is late');
  `;
  const spoke = spokenTexts({ file: 'a.ts', text: speaking });
  const missingWith = (test: string) =>
    unnamedTexts(spoke, namedTexts({ file: 'a.test.ts', text: test })).map(shownText);

  it('is one in a string, a template or an error, and none in a type, the help or the log', () => {
    expect(spoke.map((text) => `${text.place} ${shownText(text)}`)).toEqual([
      'a.ts:3 put it in quotes',
      'a.ts:5 a name is required',
      'a.ts:6 … is taken by …',
      'a.ts:8 empty',
      'a.ts:8 see …',
    ]);
    expect(missingWith('')).toEqual(spoke.map(shownText));
  });

  it('is no longer one when a test expects it, in whatever way', () => {
    const test = `
      expect(run()).toBe('error: put it in quotes');
      expect(run()).toMatch(/^a name is required$/u);
      expect(run()).toBe(\`port \${port} is taken by web\`);
      expect(run()).toBe(\`empty: see \${place}\`);
    `;
    expect(missingWith(test)).toEqual([]);
  });

  it('is still one when a test has only half of it, or the halves in another order', () => {
    const test =
      "it('is taken', () => expect(1).toBe('by name: taken')); 'a name'; 'put in quotes'";
    expect(missingWith(test)).toEqual([
      'put it in quotes',
      'a name is required',
      '… is taken by …',
      'empty',
      'see …',
    ]);
  });
});
