import { once } from 'node:events';
import { get } from 'node:https';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { openRegistrySimulator, type RegistrySimulator } from './registry-simulator.ts';
import { CERTIFICATE_TROUBLES, type CertificateTrouble } from './tls/build-certificate.ts';

const VERDICTS: Readonly<Record<CertificateTrouble, string>> = {
  selfSigned: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  expired: 'CERT_HAS_EXPIRED',
  otherHost: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  incompleteChain: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
};

const portOf = ({ host }: RegistrySimulator) => Number(host.split(':')[1]);

/** What a client that trusts nobody thinks of the certificate. */
async function verdictOn(simulator: RegistrySimulator): Promise<string> {
  const socket = connectTls({ port: portOf(simulator), host: '127.0.0.1' });
  const [error] = await once(socket, 'error').catch((thrown: unknown) => [thrown]);
  return String(error instanceof Error && 'code' in error ? error.code : error);
}

async function statusOverTls(simulator: RegistrySimulator): Promise<number | undefined> {
  const asked = get({
    port: portOf(simulator),
    path: '/v2/',
    rejectUnauthorized: false,
    agent: false,
  });
  const [response] = await once(asked, 'response');
  response.resume();
  return response.statusCode;
}

describe('the port of a simulator', () => {
  it('speaks no TLS unless it is told to', async () => {
    await using simulator = await openRegistrySimulator();
    expect(await verdictOn(simulator)).toMatch(/SSL|PROTO/);
  });

  it.each(CERTIFICATE_TROUBLES)('speaks both while its certificate is %s', async (tls) => {
    await using simulator = await openRegistrySimulator();
    simulator.faults.set({}, { tls });
    expect(await verdictOn(simulator)).toBe(VERDICTS[tls]);
    expect(await statusOverTls(simulator)).toBe(200);
    expect((await fetch(`${simulator.url}/v2/`)).status).toBe(200);
  });

  it('survives clients that leave before they have said which one they want', async () => {
    await using simulator = await openRegistrySimulator();
    simulator.faults.set({}, { tls: 'selfSigned' });
    const silent = connect(portOf(simulator), '127.0.0.1');
    await once(silent, 'connect');
    silent.resetAndDestroy();
    const garbled = connect(portOf(simulator), '127.0.0.1');
    garbled.on('error', () => undefined);
    garbled.write(Buffer.from([0x16, 3, 1, 0, 5, 9, 9, 9, 9, 9]));
    garbled.resume();
    await once(garbled, 'close');
    expect((await fetch(`${simulator.url}/v2/`)).status).toBe(200);
  });

  it('lets go of clients that say nothing when it is disposed of', async () => {
    const simulator = await openRegistrySimulator();
    simulator.faults.set({}, { tls: 'selfSigned' });
    const silent = connect(portOf(simulator), '127.0.0.1');
    silent.on('error', () => undefined);
    await once(silent, 'connect');
    const closed = once(silent, 'close');
    await simulator[Symbol.asyncDispose]();
    await closed;
  });
});
