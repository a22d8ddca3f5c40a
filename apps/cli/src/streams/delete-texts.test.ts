import { expect, it } from 'vitest';
import { runCommand } from '../testing/scripted-api.ts';

const SERVER = ['--server', 'http://127.0.0.1:1', '--token', 't'];

it.each([
  ['delete is -f a.yaml', 'give either -f or names, not both'],
  ['delete', 'say what to delete: delete is NAME…, or delete -f FILE'],
  ['delete is', 'say what to delete: delete is NAME…, or delete -f FILE'],
  ['delete checks web', 'only image streams, their tags, secrets and access tokens can be deleted'],
])('"%s" is refused before any request: %s', async (line, problem) => {
  expect(await runCommand([...line.split(' '), ...SERVER])).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: `error: ${problem}\n`,
  });
});
