import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { findFreePort } from '../processes/free-port.ts';
import { chooseRegistryPort } from './registry-port.ts';

it('is what was asked for, or an error that says how to choose another', async () => {
  const free = await findFreePort();
  expect(await chooseRegistryPort(free)).toBe(free);
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  await expect(chooseRegistryPort(port)).rejects.toMatchObject({
    code: 'port-taken',
    message: `port ${port} on 127.0.0.1 is taken; choose another with --registry-port`,
  });
  taken.close();
});

it('is some free port when nobody asked', async () => {
  expect(await chooseRegistryPort(undefined)).toBeGreaterThan(0);
});
