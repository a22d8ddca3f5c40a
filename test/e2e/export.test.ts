import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ArchivedStream, ArchiveEntry } from '@tagtrail/image-stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openFilledInstallation, readAll, run } from './archive-surroundings.ts';
import { digestsOf } from './definitions.ts';
import { eventually, type Installation, openInstallation } from './installation.ts';

/** ms for a record, on a busy machine. */
const LIMIT = 30_000;
const folder = mkdtempSync(join(tmpdir(), 'tagtrail-export-'));
const file = join(folder, 'backup.jsonl');
let source: Awaited<ReturnType<typeof openFilledInstallation>>;
let target: Installation;

beforeAll(async () => {
  source = await openFilledInstallation();
  target = await openInstallation({ api: 1 });
}, 240_000);
afterAll(async () => {
  await source[Symbol.asyncDispose]();
  await target[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

it('is written while everything runs, and is a whole one', async () => {
  const running = join(folder, 'running.jsonl');
  const written = await run(source.tagtrail, folder, 'export', '-f', running);
  expect(written).toMatchObject({ exitCode: 0, stdout: '' });
  expect(written.stderr).toMatch(/^exported 4 streams, 12\d\d events/);
  const dry = ['import', '-f', running, '--dry-run', '--replace'];
  const checked = await run(source.tagtrail, folder, ...dry);
  expect(checked.stdout).toMatch(/^4 streams, .*; 4 are there and would be replaced \(dry run\)/);
});

it('is the same by file and by pipe', async () => {
  await source.freeze();
  expect((await run(source.tagtrail, folder, 'export', '-f', file)).exitCode).toBe(0);
  const piped = await run(source.tagtrail, folder, 'export');
  const entries = (text: string) => text.trimEnd().split('\n').slice(1, -1);
  expect(entries(piped.stdout)).toEqual(entries(readFileSync(file, 'utf8')));
});

it('is refused when its end is missing, and nothing is written', async () => {
  const cut = join(folder, 'cut.jsonl');
  copyFileSync(file, cut);
  truncateSync(cut, statSync(file).size - 100);
  const answer = await run(target, folder, 'import', '-f', cut);
  expect(answer).toMatchObject({
    exitCode: 1,
    stderr: `error: ${cut} is cut off: its end is missing\n`,
  });
  expect((await target.client.streams.list()).items).toEqual([]);
});

it('is refused when its last line was changed, which its checksum does not cover', async () => {
  const text = readFileSync(file, 'utf8');
  const changed = join(folder, 'changed.jsonl');
  const own = /"trailerSha256":"[0-9a-f]{64}"\}\n$/;
  expect(text).toMatch(own);
  const last = text.trimEnd().split('\n').length;
  const refusal = async (content: string) => {
    writeFileSync(changed, content);
    const answer = await run(target, folder, 'import', '-f', changed);
    return answer.stderr.replace(`error: ${changed}, line ${last}: `, '');
  };
  const damaged = 'it is damaged: its checksum is not that of its content\n';
  const higher = text.replace(/("fence":\d+)(,"sha256")/, '$19$2');
  expect(await refusal(higher)).toBe(damaged);
  const older = higher
    .replace(own, '"x":0}\n')
    .replace(/"fence":\d+,"sha256"/, '"fence":0,"sha256"');
  expect(await refusal(older)).toMatch(/^fence is 0, and a line before has \d+\n$/);
  expect((await target.client.streams.list()).items).toEqual([]);
});

it('brings back the same objects, histories, check states and due times', async () => {
  const answer = await run(target, folder, 'import', '-f', file);
  expect(answer).toEqual({ exitCode: 0, stdout: 'imported 4 of 4 streams\n', stderr: '' });
  expect(await readAll(target, folder)).toEqual(await readAll(source.tagtrail, folder));
});

it('is not imported over what is there, unless it is said how', async () => {
  const again = await run(target, folder, 'import', '-f', file);
  expect(again.exitCode).toBe(1);
  expect(again.stderr).toMatch(/^error: there already: demo\/followed, demo\/still, /);
  const skipped = await run(target, folder, 'import', '-f', file, '--skip-existing');
  expect(skipped).toMatchObject({
    exitCode: 0,
    stdout: 'imported 0 of 4 streams, 4 streams left as they were\n',
  });
  const replaced = await run(target, folder, 'import', '-f', file, '--replace', '-o', 'json');
  expect(JSON.parse(replaced.stdout)).toEqual({ restored: 4, replaced: 4, existing: 0 });
  expect(await readAll(target, folder)).toEqual(await readAll(source.tagtrail, folder));
});

it('records the next push as if nothing had happened', async () => {
  for (const app of ['status-writer', 'worker', 'producer'] as const) await target.start(app);
  const push = source.simulator.push('shop/web', 'latest');
  const key = { namespace: 'demo', name: 'web' };
  const [newest, before] = await eventually(async () => {
    const digests = digestsOf(await target.client.streams.get(key), 'latest');
    return digests[0] === push.digest ? digests : undefined;
  }, LIMIT);
  expect(newest).toBe(push.digest);
  expect(before).toBe(digestsOf(await source.tagtrail.client.streams.get(key), 'latest')[0]);
});

it('reads the exports of the version before it: tags without their images are looked at from scratch', async () => {
  await using old = await openInstallation({ api: 1 });
  const before = new URL('./export-1.jsonl', import.meta.url);
  const lines = readFileSync(before, 'utf8').trimEnd().split('\n');
  const entries = lines.slice(1, -1).map((line) => JSON.parse(line) as ArchiveEntry);
  const answer = await run(old, folder, 'import', '-f', fileURLToPath(before));
  expect(answer).toEqual({ exitCode: 0, stdout: 'imported 4 of 4 streams\n', stderr: '' });
  for (const entry of entries) {
    if ('stream' in entry) await isBack(old, entry.stream);
    if (!('history' in entry)) continue;
    const { namespace, name, tag, events } = entry.history;
    const history = await old.client.history.list({ namespace, name, tag });
    expect(history.items).toEqual(events);
  }
});

it('does not read the exports of a later version', async () => {
  const later = join(folder, 'later.jsonl');
  const text = readFileSync(file, 'utf8').replace('"version":2', '"version":3');
  writeFileSync(later, text);
  const answer = await run(target, folder, 'import', '-f', later);
  const told = `${later} is an export of version 3, and this program reads 1 and 2: upgrade it`;
  expect(answer).toMatchObject({ exitCode: 1, stderr: `error: ${told}\n` });
});

async function isBack({ client }: Installation, { object, checks }: ArchivedStream) {
  const { namespace = '', name } = object.metadata;
  expect(await client.streams.get({ namespace, name })).toEqual(object);
  const { tags } = await client.checks.get({ namespace, name });
  for (const { tag, state } of checks) {
    const due = tags.find((check) => check.tag === tag)?.nextDue;
    if (state.image === null || state.suspended) {
      expect(due ?? null).toBe(state.nextDue && new Date(state.nextDue).toISOString());
    } else {
      expect(Date.parse(due ?? '')).toBeGreaterThan(state.nextDue ?? 0);
    }
  }
}
