import { hash } from 'node:crypto';
import { MEDIA_TYPE } from '@tagtrail/oci';
import type { RepositoryContent } from './content-server.ts';

/** A repository of a registry that speaks plain HTTP and lets everybody push. */
export interface PushTarget {
  /** `127.0.0.1:41234`. */
  readonly host: string;
  readonly repository: string;
}

/**
 * Pushes a repository byte for byte: blobs, then manifests in the order in which they were made, so that none comes before
 * what it names. Clients keep the lists of referrers for a registry that does not, under a tag. Source: distribution-spec,
 * "Pushing Manifests with Subject" and "Referrers Tag Schema".
 */
export async function pushContent(target: PushTarget, content: RepositoryContent): Promise<void> {
  await Promise.all([...content.blobs.values()].map((bytes) => pushBlob(target, bytes)));
  for (const [digest, manifest] of content.manifests) await pushManifest(target, digest, manifest);
  for (const [tag, digest] of content.tags) {
    const manifest = content.manifests.get(digest);
    if (manifest !== undefined) await pushManifest(target, tag, manifest);
  }
  for (const [subject, manifests] of content.referrers) {
    const list = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests };
    const bytes = Buffer.from(JSON.stringify(list));
    const manifest = { mediaType: MEDIA_TYPE.ociIndex, bytes };
    await pushManifest(target, subject.replace(':', '-'), manifest);
  }
}

async function pushBlob(target: PushTarget, bytes: Buffer): Promise<void> {
  const base = baseOf(target);
  const opened = await send(`${base}/blobs/uploads/`, { method: 'POST' });
  const upload = new URL(opened.headers.get('location') ?? '', base);
  upload.searchParams.set('digest', `sha256:${hash('sha256', bytes)}`);
  const headers = { 'content-type': 'application/octet-stream' };
  await send(upload, { method: 'PUT', headers, body: new Uint8Array(bytes) });
}

async function pushManifest(
  target: PushTarget,
  reference: string,
  { mediaType, bytes }: { readonly mediaType: string; readonly bytes: Buffer },
): Promise<void> {
  const headers = { 'content-type': mediaType };
  const body = new Uint8Array(bytes);
  await send(`${baseOf(target)}/manifests/${reference}`, { method: 'PUT', headers, body });
}

function baseOf({ host, repository }: PushTarget): string {
  return `http://${host}/v2/${repository}`;
}

async function send(url: string | URL, init: RequestInit): Promise<Response> {
  const reply = await fetch(url, init);
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${init.method} ${url}: ${reply.status} ${text}`);
  return reply;
}
