import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@tagtrail/observability';
import { createSecretKeyFile } from '@tagtrail/secret-cipher';
import { expect, it } from 'vitest';
import { openLedger } from './open-ledger.ts';
import { readCredentials } from './read-credentials.ts';

const AWAY = { name: 'worker', url: 'redis://127.0.0.1:1', slot: 'tagtrail' };

function logger() {
  const lines: string[] = [];
  const output = { write: (line: string) => void lines.push(line) };
  return {
    lines,
    logger: createLogger({ name: 'test', level: 'info', format: 'json', output }),
  };
}

it('says once in a while that workers are on their own, and each goes on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-'));
  const keyFile = join(folder, 'secret.key');
  await createSecretKeyFile(keyFile);
  const log = logger();
  const ledger = await openLedger({ ...AWAY, keyFile }, log.logger);
  for (let times = 0; times < 3; times += 1) {
    expect(await ledger.tokens?.turn('id', undefined)).toEqual({ kind: 'ask' });
  }
  const what = 'tokens and what registries taught are not shared with other processes just now';
  expect(log.lines.filter((line) => line.includes(what))).toHaveLength(1);
  await ledger[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

it('shares no tokens without a key to seal them', async () => {
  const ledger = await openLedger(AWAY, logger().logger);
  expect(ledger.tokens).toBeUndefined();
  await ledger[Symbol.asyncDispose]();
});

it("calls the operator's credentials by what they are, without the place of the file", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'auth-'));
  const file = join(folder, 'config.json');
  await writeFile(
    file,
    JSON.stringify({ auths: { 'a.example': { username: 'u', password: 'p' } } }),
  );
  const credentials = await readCredentials(file);
  expect(credentials('a.example')).toMatchObject([{ name: 'the operator (registries.authFile)' }]);
  await rm(folder, { recursive: true });
});
