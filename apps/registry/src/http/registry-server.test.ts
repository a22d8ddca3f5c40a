import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createLogger } from '@tagtrail/observability';
import { expect, it } from 'vitest';
import { openRegistryServer } from './registry-server.ts';

const output = { write: () => undefined };
const logger = createLogger({ name: 'test', level: 'silent', format: 'json', output });
const open = (host: string, port: number) =>
  openRegistryServer({ host, port, certificate: undefined, logger }, (_, response) => {
    response.end('here');
  });

it('answers where it says that it listens, until it is closed', async () => {
  const server = await open('127.0.0.1', 0);
  expect(await (await fetch(server.url)).text()).toBe('here');
  await server[Symbol.asyncDispose]();
  await expect(fetch(server.url)).rejects.toThrow();
});

it('says what is wrong with an address, and which setting to change', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  await expect(open('127.0.0.1', port)).rejects.toMatchObject({
    code: 'cannot-listen',
    message: `127.0.0.1:${port} is in use; stop what listens there, or choose another one (registry.port)`,
  });
  taken.close();
  await expect(open('192.0.2.1', 0)).rejects.toThrow(
    '192.0.2.1:0 is no address of this machine (registry.host)',
  );
  await expect(open('no.such.host.invalid', 0)).rejects.toThrow(
    'no.such.host.invalid:0 cannot be used: ',
  );
});
