import { storedReply } from '../wire/answer-content.ts';
import type { Reply } from '../wire/reply.ts';
import type { FaultScene } from './fault-scene.ts';

/** A tag as it was before its last push. */
export function replyWithPrevious(reply: Reply, { request, content }: FaultScene): Reply {
  const { kind, repository = '', reference = '' } = request.route;
  if (kind !== 'manifest' || reply.status !== 200) return reply;
  const before = content.repository(repository)?.previous(reference);
  return before === undefined ? reply : storedReply(before.mediaType, before.digest, before.body);
}

/** The first image of an index in the index's place. */
export function replyWithFirstEntry(
  reply: Reply,
  digest: true | 'keepDigest',
  { request, content }: FaultScene,
): Reply {
  const { kind, repository: name = '', reference = '' } = request.route;
  if (kind !== 'manifest' || reply.status !== 200) return reply;
  const repository = content.repository(name);
  const index = repository?.manifest(reference);
  const entry = repository?.manifest(index?.children[0]?.digest ?? '');
  if (index === undefined || entry === undefined) return reply;
  const named = digest === 'keepDigest' ? index.digest : entry.digest;
  return storedReply(entry.mediaType, named, entry.body);
}

/** Bytes of a manifest at the address of a blob. */
export function replyWithManifestAsBlob(reply: Reply, { request, content }: FaultScene): Reply {
  const { kind, repository = '', reference = '' } = request.route;
  if (kind !== 'blob' || reply.status !== 404) return reply;
  const manifest = content.repository(repository)?.manifest(reference);
  return manifest === undefined
    ? reply
    : storedReply('application/octet-stream', manifest.digest, manifest.body);
}
