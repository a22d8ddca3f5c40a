import type { RequestListener } from 'node:http';
import {
  openRegistryClient,
  type RegistryClientOptions,
  type RegistryProbe,
} from '../registry-client.ts';
import type { RepositoryTarget } from '../repository-target.ts';
import { EVERY_ADDRESS } from './every-address.ts';
import { targetOf } from './scripted-registry.ts';
import { openScriptedServer, type ScriptedServer } from './scripted-server.ts';
import type { TestCertificate } from './test-certificate.ts';

export interface TestOptions extends Partial<RegistryClientOptions> {
  /** Serve over TLS. */
  readonly certificate?: TestCertificate;
  /** Let the credentials travel over plain HTTP to the server. */
  readonly plaintext?: boolean;
}

export interface OpenedForTest extends ScriptedServer {
  readonly client: RegistryProbe;
  /** `team/app` on the server; insecure when the server speaks plain HTTP. */
  readonly target: RepositoryTarget;
  /** `GET /v2/…` per request seen. */
  lines(): string[];
}

/** A scripted server and a client that knows nothing of it yet; disposed of together. */
export async function openForTest(
  answer: RequestListener,
  { certificate, plaintext = false, ...options }: TestOptions = {},
): Promise<OpenedForTest> {
  const server = await openScriptedServer(answer, certificate);
  const client = openRegistryClient({
    userAgent: 'tagtrail/test',
    allowPlaintextCredentials: plaintext ? [server.host] : [],
    addresses: EVERY_ADDRESS,
    ...options,
  });
  return {
    ...server,
    client,
    target: targetOf(server.host, { insecure: certificate === undefined }),
    lines: () => server.requests.map(({ method, url }) => `${method} ${url}`),
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
