import { hash } from 'node:crypto';
import { MANIFEST_ACCEPT } from '@tagtrail/oci';
import { Pool } from 'undici';
import {
  CONNECTIONS,
  KEEP_ALIVE,
  type RegistryPlace,
  type RegistryUser,
  TAG,
  USER_AGENT,
} from './registry-user.ts';

const OK = 200;

interface BareRegistry {
  readonly place: RegistryPlace;
  readonly pool: Pool;
}

/** The same requests, with the same headers, by undici alone: what nobody who uses it can do without. */
export function createBareUser(place: RegistryPlace): RegistryUser {
  const { host, certificate } = place;
  const pool = new Pool(`${certificate === undefined ? 'http' : 'https'}://${host}`, {
    connections: CONNECTIONS,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE,
    allowH2: false,
  });
  const registry = { place, pool };
  return {
    check: (repository) => head(registry, repository),
    import: (repository) => importOnce(registry, repository),
  };
}

async function head({ pool }: BareRegistry, repository: string): Promise<void> {
  const path = `/v2/${repository}/manifests/${TAG}`;
  // Without `reset: false` undici closes the connection after every HEAD.
  const asked = { method: 'HEAD', path, headers: headers(MANIFEST_ACCEPT), reset: false } as const;
  const { statusCode, body } = await pool.request(asked);
  await body.dump();
  if (statusCode !== OK) throw new Error(`HEAD ${path}: ${statusCode}`);
}

async function importOnce(registry: BareRegistry, repository: string): Promise<void> {
  const { manifestDigest, configDigest } = registry.place;
  await head(registry, repository);
  const manifest = {
    path: `/v2/${repository}/manifests/${manifestDigest}`,
    digest: manifestDigest,
  };
  await fetchJson(registry, { ...manifest, accept: MANIFEST_ACCEPT });
  const config = { path: `/v2/${repository}/blobs/${configDigest}`, digest: configDigest };
  await fetchJson(registry, { ...config, accept: '*/*' });
}

async function fetchJson(
  { pool }: BareRegistry,
  { path, digest, accept }: Readonly<Record<'path' | 'digest' | 'accept', string>>,
): Promise<unknown> {
  const { statusCode, body } = await pool.request({
    method: 'GET',
    path,
    headers: headers(accept),
  });
  const bytes = Buffer.from(await body.arrayBuffer());
  const isRight = statusCode === OK && `sha256:${hash('sha256', bytes, 'hex')}` === digest;
  if (!isRight) throw new Error(`GET ${path}: ${statusCode}`);
  return JSON.parse(bytes.toString());
}

function headers(accept: string): Readonly<Record<string, string>> {
  return { accept, 'accept-encoding': 'identity', 'user-agent': USER_AGENT };
}
