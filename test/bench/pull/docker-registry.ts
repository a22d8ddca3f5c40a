import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MEDIA_TYPE } from '@tagtrail/oci';
import { stringify } from 'yaml';
import { eventually } from '../../e2e/installation.ts';
import { outputOf, programsOnPath } from '../../e2e/real-programs.ts';
import { freePort } from '../../free-port.ts';
import type { BenchImage, Content } from './pull-content.ts';

/** ms for it to listen on a busy machine. */
const START_LIMIT = 10_000;

/** Debian's docker-registry in a process of its own. */
export interface DockerRegistry extends AsyncDisposable {
  /** `127.0.0.1:41234`. */
  readonly host: string;
  readonly pid: number | undefined;
  readonly version: string;
}

/** With the settings that Debian gives it, but for its accounts: everybody may pull. Its log goes nowhere. */
export async function startDockerRegistry(home: string): Promise<DockerRegistry> {
  const host = `127.0.0.1:${await freePort()}`;
  const folder = join(home, 'docker-registry');
  mkdirSync(folder);
  const settings = {
    version: 0.1,
    log: { fields: { service: 'registry' } },
    storage: {
      cache: { blobdescriptor: 'inmemory' },
      filesystem: { rootdirectory: folder },
      delete: { enabled: true },
    },
    http: { addr: host, headers: { 'X-Content-Type-Options': ['nosniff'] } },
    health: { storagedriver: { enabled: true, interval: '10s', threshold: 3 } },
  };
  const file = join(home, 'docker-registry.yml');
  writeFileSync(file, stringify(settings));
  const [program = ''] = programsOnPath('docker-registry');
  const version = (await outputOf(program, ['--version'], { home })).trim().split(' ').at(-1) ?? '';
  const child = spawn(program, ['serve', file], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  await eventually(() => isThere(host), START_LIMIT);
  return {
    ...{ host, version, pid: child.pid },
    async [Symbol.asyncDispose]() {
      child.kill();
      await exited;
    },
  };
}

async function isThere(host: string): Promise<true | undefined> {
  const reply = await fetch(`http://${host}/v2/`).catch(() => undefined); // not yet
  return reply?.ok === true ? true : undefined;
}

/** Puts images into a registry that takes pushes from everybody. */
export async function pushImages(host: string, images: readonly BenchImage[]): Promise<void> {
  const pushed = new Set<string>();
  for (const { repository, tag, manifest, blobs } of images) {
    const root = `http://${host}/v2/${repository}`;
    for (const blob of blobs) {
      if (!pushed.has(`${repository} ${blob.digest}`)) await pushBlob(root, blob);
      pushed.add(`${repository} ${blob.digest}`);
    }
    await put(`${root}/manifests/${tag}`, manifest.bytes, MEDIA_TYPE.ociManifest);
  }
}

async function pushBlob(root: string, { digest, bytes }: Content): Promise<void> {
  const begun = await fetch(`${root}/blobs/uploads/`, { method: 'POST' });
  const place = new URL(begun.headers.get('location') ?? '', root);
  place.searchParams.set('digest', digest);
  await put(place.href, bytes, 'application/octet-stream');
}

async function put(url: string, body: Buffer, type: string): Promise<void> {
  const headers = { 'content-type': type };
  const reply = await fetch(url, { method: 'PUT', body: new Uint8Array(body), headers });
  await reply.body?.cancel();
  if (!reply.ok) throw new Error(`PUT ${url}: ${reply.status}`);
}
