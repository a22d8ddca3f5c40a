import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { CliError } from '../cli-error.ts';
import { checkPortFree, findFreePorts, isPortFree } from './free-port.ts';

it('says in one line that a port is taken and what to do', async () => {
  const [port = 0] = await findFreePorts(1);
  await expect(checkPortFree(port)).resolves.toBeUndefined();
  const owner = createServer().listen(port, '127.0.0.1');
  await once(owner, 'listening');
  await expect(checkPortFree(port)).rejects.toEqual(
    new CliError('port-taken', `port ${port} on 127.0.0.1 is taken; choose another with --port`),
  );
  owner.close();
  await once(owner, 'close');
  expect(await isPortFree(port)).toBe(true);
});

it('finds different ports', async () => {
  const ports = await findFreePorts(5);
  expect(new Set(ports).size).toBe(5);
});
