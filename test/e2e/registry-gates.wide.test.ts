import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestsOf } from './definitions.ts';
import { eventually, type Installation, openInstallation } from './installation.ts';
import { GATES, type Gate, type RegistryGates, startGates } from './registry-gates.ts';
import { type ImagePublisher, openImagePublisher } from './registry-images.ts';

/** ms for what starts at once, on a busy machine. */
const LIMIT = 20_000;

const folder = mkdtempSync(join(tmpdir(), 'tagtrail-gates-'));
const opened = new AsyncDisposableStack();
let gates: RegistryGates;
let images: ImagePublisher;
let settings: Readonly<Record<string, string>>;
/** With everything that the gates want. */
let equipped: Installation;
/** With nothing but an account of the operator's. */
let bare: Installation;

beforeAll(async () => {
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  gates = opened.use(await startGates(folder));
  images = opened.use(await openImagePublisher(gates.back, folder));
  settings = {
    TAGTRAIL_REGISTRIES_AUTH_FILE: gates.authFile,
    TAGTRAIL_REGISTRIES_CA_FILE: gates.certificates.root,
    TAGTRAIL_REGISTRIES_CERTIFICATES_FOLDER: gates.certificatesFolder,
    // The token service is another port of this machine, to which a registry may not lead everybody.
    TAGTRAIL_REGISTRIES_PRIVATE_REGISTRIES: gates.tokenServer.host,
  };
  const counts = { api: 1, producer: 1, worker: 1, 'status-writer': 1 };
  equipped = opened.use(await openInstallation(counts, settings));
  bare = opened.use(await openInstallation(counts));
});
afterAll(() => opened.disposeAsync());

/** Follows a tag, verified, and answers its digest or why there is none. */
async function follow(
  { client }: Installation,
  { gate, name }: { readonly gate: Gate; readonly name: string },
): Promise<string> {
  const from = { kind: 'DockerImage', name: `${gates.hosts[gate]}/shop/${name}:v1` };
  const tag = {
    name: 'v1',
    from,
    importPolicy: { scheduled: true },
    referencePolicy: { type: 'Source' as const },
  };
  const metadata = { name: `${name}-${gate.replace(' ', '-')}`, namespace: 'demo' };
  await client.streams.create({
    kind: 'ImageStream',
    apiVersion: 'image.openshift.io/v1',
    metadata,
    spec: { tags: [tag] },
    status: { dockerImageRepository: '' },
  });
  return eventually(async () => {
    const stream = await client.streams.get(metadata);
    const { conditions = [] } = stream.status.tags?.[0] ?? {};
    return digestsOf(stream, 'v1')[0] ?? conditions[0]?.message;
  }, LIMIT);
}

describe("Debian's docker-registry behind nginx, with a certificate of a private chain", () => {
  it.each(GATES)('is followed where %s guards it', async (gate) => {
    const name = `web-${GATES.indexOf(gate)}`;
    const { digest } = await images.publish(`shop/${name}`, 'v1');
    expect(await follow(equipped, { gate, name })).toBe(digest);
  });

  it('gets a token from a server that knows the account, and no other', async () => {
    expect(gates.tokenServer.counts.issued).toBeGreaterThan(0);
    expect(gates.tokenServer.counts.refused).toBe(0);
  });

  it('is not trusted by whoever does not know the chain', async () => {
    await images.publish('shop/unknown', 'v1');
    const message = await follow(bare, { gate: 'nobody', name: 'unknown' });
    expect(message).toContain('trust the certificate of');
  });

  it('is not asked with a certificate that was not given for it', async () => {
    await images.publish('shop/uncertified', 'v1');
    const { TAGTRAIL_REGISTRIES_CERTIFICATES_FOLDER: _, ...without } = settings;
    const counts = { api: 1, producer: 1, worker: 1, 'status-writer': 1 };
    await using installation = await openInstallation(counts, without);
    const message = await follow(installation, { gate: 'client certificate', name: 'uncertified' });
    expect(message).toMatch(/the server answered 400/);
  });

  it.each(GATES)('is reached through a forward proxy where %s guards it', async (gate) => {
    const name = `far-${GATES.indexOf(gate)}`;
    const { digest } = await images.publish(`shop/${name}`, 'v1');
    const counts = { api: 1, producer: 1, worker: 1, 'status-writer': 1 };
    const variables = { ...settings, HTTPS_PROXY: gates.proxyUrl };
    await using installation = await openInstallation(counts, variables);
    expect(await follow(installation, { gate, name })).toBe(digest);
    await gates.proxy.line(new RegExp(`CONNECT ${gates.hosts[gate].replaceAll('.', '\\.')} `));
  });
});
