import { expect, it } from 'vitest';
import { startCommand, TAGTRAIL } from '../e2e/command-process.ts';

it('runs a registry with the faults that the command names, and says which', async () => {
  const faults = ['head-404:every=2', 'no-token-expiry'].flatMap((name) => ['--fault', name]);
  const args = ['simulate-registry', '--port', '0', '--tag', 'demo/web:v1', ...faults];
  await using command = startCommand({ program: TAGTRAIL, args });
  await command.line(/^fault head-404: the registry answers HEAD with 404 where GET finds/);
  await command.line(/^fault no-token-expiry: the registry does not say how long tokens live$/);
  const [, url = ''] = await command.line(/^registry simulator at (http:\S+)\/v2\//);
  const reply = await fetch(`${url}/token?scope=repository:demo/web:pull`);
  const { token, ...rest }: { token?: string } = JSON.parse(await reply.text());
  expect(Object.keys(rest)).toEqual(['access_token']);
  const headers = { authorization: `Bearer ${token}` };
  const head = () => fetch(`${url}/v2/demo/web/manifests/v1`, { method: 'HEAD', headers });
  expect([(await head()).status, (await head()).status]).toEqual([200, 404]);
});
