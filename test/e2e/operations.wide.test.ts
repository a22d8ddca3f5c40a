import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readComposeFile } from '../compose/compose-file.ts';
import { readDocument } from '../docs/read-documents.ts';
import { ROOT } from './installation.ts';
import { type CommandBlock, commandBlocks } from './operations-document.ts';
import { openWorkplace, type Workplace } from './operations-surroundings.ts';

/**
 * Runs every command of docs/operations.md in one shell session, from top to bottom. They are run as they are written,
 * with these differences: folders below /etc and /opt are in a temporary one, and ports are free ones, so that the test
 * disturbs nobody; `tagtrail` is that of the checkout. A block fails when one of its commands does.
 */
const blocks = commandBlocks(readDocument('docs/operations.md'));

/** Commands that are not run here, with the test that does and the words by which it does so. */
const ELSEWHERE: Readonly<Record<string, { readonly file: string; readonly words: string }>> = {
  // In a fresh clone, where it downloads everything.
  'npm start': { file: 'test/e2e/fresh-clone.wide.test.ts', words: "spawn('npm', ['start']" },
  // No test has Docker: the services of the file are started as processes of this machine, four workers among them.
  'docker compose up --build --detach --scale worker=4': {
    file: 'test/e2e/compose.test.ts',
    words: 'const WORKERS = 4;',
  },
  // There is no registry of that name; one that is there is examined by the command as it is installed.
  'tagtrail doctor registry.example.com/team/app:v1 --config tagtrail.yaml': {
    file: 'test/e2e/json-answers.ts',
    words: "doctor: ['doctor HOST/shop/web:latest --insecure']",
  },
};
/** Commands that run until they are stopped, with one that succeeds once they do what they should. */
const UNTIL_STOPPED: Readonly<Record<string, string>> = {
  'npx tagtrail up --data-dir ./records --workers 2':
    'tagtrail status --kubeconfig ./records/kubeconfig',
};
/** Begins of blocks that are run in the root of the checkout. */
const IN_CHECKOUT = ['npm run bundle'];

type Check = (output: string, workplace: Workplace) => void | Promise<void>;

/** What must be so after the lines that begin with these words, besides that their commands succeeded. */
const AFTERWARDS: Readonly<Record<string, Check>> = {
  'npm run bundle': (output) => expect(output).toMatch(/^tagtrail \d+\.\d+\.\d+ /m),
  'echo "TAGTRAIL_API_TOKEN': (_, { folder }) => {
    const dotenv = readFileSync(join(folder, '.env'), 'utf8');
    const [, token = ''] = /^TAGTRAIL_API_TOKEN=(\w{64})$/m.exec(dotenv) ?? [];
    expect(Object.keys(readComposeFile({ TAGTRAIL_API_TOKEN: token }).services)).toContain(
      'worker',
    );
  },
  'mkdir -p /etc/tagtrail': async (_, { shell, port }) => {
    for (const documented of ['9441', '9442', '9444', '9446']) {
      await shell.run(
        `until curl -fsS http://127.0.0.1:${port(documented)}/readyz; do sleep 1; done`,
      );
    }
  },
  'redis-server': (output) => expect(output).toMatch(/^PONG$/m),
  'cp deploy/prometheus': (output) => expect(output).toMatch(/SUCCESS: \d+ rules found/),
  'redis-cli -u "$REDIS_URL" XREVRANGE': (output) => expect(output).toContain(GARBAGE),
  'redis-cli -u "$REDIS_URL" INFO memory': async (_, { shell }) => {
    const limit = await shell.run('redis-cli -u "$REDIS_URL" CONFIG GET maxmemory');
    expect(limit).toContain(String(4 * 1024 ** 3));
  },
  'tagtrail export -f': (output, { folder }) => {
    expect(readFileSync(join(folder, 'backup.jsonl'), 'utf8')).toContain(STREAM);
    const packed = readFileSync(join(folder, 'backup.jsonl.gz'));
    expect(gunzipSync(packed).toString()).toContain(STREAM);
    expect(output).toContain('exported 1 stream');
  },
  'tagtrail import -f backup.jsonl --dry-run': async (_, { shell }) => {
    expect(await shell.run(`tagtrail get is ${STREAM} -o name`)).toContain(STREAM);
  },
  'redis-cli -u "$REDIS_URL" CONFIG SET auto-aof-rewrite-percentage 0': (output) =>
    expect(output).toMatch(/^aof_rewrite_in_progress:0$/m),
};
/** A result that no status writer can read. */
const GARBAGE = 'garbage-of-the-operations-test';
/** A stream that is backed up. */
const STREAM = 'stream-of-the-operations-test';

/** What is done before the line that begins with these words, so that there is what it is for. */
const BEFORE: Readonly<Record<string, string>> = {
  'redis-cli -u "$REDIS_URL" XREVRANGE': [
    `redis-cli -u "$REDIS_URL" XADD "{tagtrail}:results" "*" v ${GARBAGE}`,
    'until [ "$(redis-cli -u "$REDIS_URL" XLEN "{tagtrail}:dead-letters")" = 1 ]; do sleep 0.2; done',
  ].join('\n'),
  'tagtrail export -f': [
    "tagtrail apply -f - <<'END'",
    `{ kind: ImageStream, apiVersion: image.openshift.io/v1, metadata: { name: ${STREAM} } }`,
    'END',
  ].join('\n'),
  'tagtrail import -f backup.jsonl --dry-run': `tagtrail delete is ${STREAM}`,
};

let workplace: Workplace;
beforeAll(async () => {
  workplace = await openWorkplace();
});
afterAll(async () => {
  await workplace?.[Symbol.asyncDispose]();
});

describe('docs/operations.md', () => {
  it('has commands, and everything that is said of them here is of one that it has', () => {
    expect(blocks.length).toBeGreaterThan(10);
    const lines = blocks.flatMap(({ text }) => text.split('\n'));
    expect(lines).toEqual(expect.arrayContaining(Object.keys({ ...ELSEWHERE, ...UNTIL_STOPPED })));
    for (const begin of [...IN_CHECKOUT, ...Object.keys(AFTERWARDS), ...Object.keys(BEFORE)]) {
      expect(lines.filter((line) => line.startsWith(begin)).length, begin).toBe(1);
    }
  });

  it.each(blocks.map((block) => [`${block.heading}: ${firstLine(block)}`, block] as const))(
    '%s',
    async (_, block) => {
      const here: string[] = [];
      for (const line of block.text.trim().split('\n')) {
        if (line in ELSEWHERE) expectElsewhere(line);
        else if (line in UNTIL_STOPPED) await runUntilStopped(line);
        else if (isBegin(line) || here.length === 0) here.push(line);
        else here.push(`${here.pop()}\n${line}`);
      }
      for (const text of here) await runLines(text);
    },
  );
});

function firstLine({ text }: CommandBlock): string {
  return text.split('\n', 1)[0] ?? '';
}

function expectElsewhere(line: string): void {
  const { file = '', words = '' } = ELSEWHERE[line] ?? {};
  expect(readFileSync(join(ROOT, file), 'utf8'), `${file} runs it`).toContain(words);
}

function isBegin(line: string): boolean {
  return Object.keys(BEFORE).some((begin) => line.startsWith(begin));
}

async function runLines(text: string): Promise<void> {
  const isOf = (begin: string) => text.startsWith(begin);
  await using checkout = IN_CHECKOUT.some(isOf) ? workplace.openSession() : undefined;
  const session = checkout ?? workplace.shell;
  const before = Object.entries(BEFORE).find(([begin]) => isOf(begin))?.[1];
  if (before !== undefined) await session.run(before);
  const output = await session.run(workplace.translate(text));
  for (const [begin, check] of Object.entries(AFTERWARDS)) {
    if (isOf(begin)) await check(output, workplace);
  }
}

/** In a session of its own, whose end stops it. */
async function runUntilStopped(line: string): Promise<void> {
  await using session = workplace.openSession();
  const question = workplace.translate(UNTIL_STOPPED[line] ?? 'false');
  await session.run(`${workplace.translate(line)} &\nuntil ${question}; do sleep 1; done`);
}
