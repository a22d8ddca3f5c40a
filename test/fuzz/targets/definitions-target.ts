import { manifestProblems } from '../../../apps/cli/src/manifests/check-manifest.ts';
import { type Manifest, parseManifests } from '../../../apps/cli/src/manifests/parse-manifests.ts';
import { filled } from '../engine/filled.ts';
import { type FuzzTarget, must, mustEqual } from '../engine/fuzz-target.ts';
import { LINE_MUTATORS } from '../engine/line-mutators.ts';

const FILE = 'f.yaml';
const STREAM = 'kind: ImageStream\nmetadata:\n  name: a\n';
const TAGS = `${STREAM}spec:\n  tags:\n`;

/** YAML or JSON definitions, as `apply -f` and `create -f` read them. */
export const definitionsTarget: FuzzTarget = {
  name: 'definitions',
  dictionary: [
    '\n---\n',
    '\n...\n',
    ': ',
    '- ',
    '? ',
    '&a ',
    '*a',
    '<<: *a',
    '!!str ',
    '!x ',
    '|\n',
    '>-\n',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '#',
    '%YAML 1.2\n',
    'kind: ImageStream',
    'kind: List',
    'items:\n',
    'metadata:\n  name: a\n',
    'spec:\n  tags:\n',
    'from: {kind: DockerImage, name: quay.io/acme/app}',
    'importPolicy: {scheduled: true}',
    'annotations: {__proto__: "x"}',
    '1.10',
    'yes',
    '~',
    '.nan',
    '0o17',
    '2026-11-23',
  ],
  mutators: LINE_MUTATORS,
  // The reader takes 4 MiB. Of nothing but mistakes these would cost GiBs of memory, so that the growth ends here.
  limit: 1024 * 1024,
  check: checkDefinitions,
  growth: {
    'open brackets': (size) => filled(size, '['),
    'open braces': (size) => filled(size, '{a: '),
    commas: (size) => filled(size, ',', ['[', ']']),
    dashes: (size) => filled(size, '- '),
    'question marks': (size) => filled(size, '? '),
    colons: (size) => filled(size, 'a:'),
    quotes: (size) => filled(size, '"\\"'),
    tags: (size) => filled(size, '- !x 1\n'),
    anchors: (size) => filled(size, (at) => `- &a${at} *a${at}\n`),
    aliases: (size) => filled(size, '*a,', ['a: &a 1\nb: [', ']']),
    'aliases of aliases': (size) =>
      filled(size, (at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]\n`, ['a0: &a0 [x]\n', '']),
    merges: (size) =>
      filled(size, '- {<<: *a}\n', [
        filled(size / 2, (at) => `k${at}: 0, `, ['a: &a {', '}\nb:\n']),
        '',
      ]),
    documents: (size) => filled(size, '--- 1\n'),
    comments: (size) => filled(size, '#\n'),
    'a text of many lines': (size) => filled(size, '  b\n', ['a: |\n', '']),
    'a plain text of many lines': (size) => filled(size, '  b\n', ['a: b\n', '']),
    tabs: (size) => filled(size, '\t', ['a:\n', 'b']),
    'a long key': (size) => filled(size, 'k', ['', ': 1']),
    'a long key of dots': (size) => filled(size, 'a.', [`${STREAM}"`, '": 1']),
    'the same key': (size) => filled(size, 'a: 1\n'),
    'unknown fields': (size) => filled(size, (at) => `k${at}: 1\n`, [STREAM, '']),
    'items that are no objects': (size) =>
      filled(size, '- 1\n', [
        filled(size / 2, (at) => `k${at}: 0\n`, ['kind: List\n', 'items:\n']),
        '',
      ]),
    'items with mistakes': (size) =>
      filled(size, '- {kind: X}\n', [
        filled(size / 2, (at) => `k${at}: 0\n`, ['kind: List\n', 'items:\n']),
        '',
      ]),
    'tags with mistakes': (size) =>
      filled(size, (at) => `  - {name: t${at}, from: {kind: DockerImage, name: "A B"}}\n`, [
        TAGS,
        '',
      ]),
    'tags of one name': (size) => filled(size, '  - {name: t}\n', [TAGS, '']),
    'tags without anything': (size) => filled(size, '  -\n', [TAGS, '']),
    labels: (size) => filled(size, (at) => `    k${at}: 1\n`, [`${STREAM}  labels:\n`, '']),
    annotations: (size) =>
      filled(size, (at) => `    k${at}/ü: "1"\n`, [`${STREAM}  annotations:\n`, '']),
  },
};

/** Answers whether there is a definition in it that could be sent. */
function checkDefinitions(text: string): boolean {
  let sent = false;
  const lines = lineCount(text);
  for (const entry of parseManifests(text, FILE)) {
    if (!entry.ok) {
      must(entry.problems.length > 0, 'what is wrong is said');
      for (const problem of entry.problems) checkProblem(problem, lines);
      continue;
    }
    const problems = manifestProblems(entry.manifest, 'demo');
    for (const problem of problems) checkProblem(problem, lines);
    if (problems.length > 0) continue;
    checkAgain(entry.manifest);
    sent = true;
  }
  return sent;
}

/** Every mistake names the file, and a line that the file has. */
function checkProblem(problem: string, lines: number): void {
  must(problem.startsWith(`${FILE}: `), 'a problem names the file');
  const [, line = '1'] = /^[^:]*: document \d+(?:, items\[\d+\])*, line (\d+)/.exec(problem) ?? [];
  must(Number(line) >= 1 && Number(line) <= lines, 'a problem names a line that is there');
}

/** JSON is YAML: a definition that is written as such says the same. */
function checkAgain({ object }: Manifest): void {
  const written = JSON.stringify(object);
  const [again] = parseManifests(written, FILE);
  must(again?.ok === true, 'a definition is read again');
  mustEqual(again.manifest.object, object, 'a definition is read as it was written');
  mustEqual(manifestProblems(again.manifest, 'demo'), [], 'a definition has no mistakes again');
}

function lineCount(text: string): number {
  return text.split('\n').length;
}
