import { isRepositoryName, isTag, isWireDigest } from '../content/names.ts';
import type { RegistryContent } from '../content/registry-content.ts';
import type { Repository } from '../content/repository.ts';
import { answerTags } from './answer-tags.ts';
import type { Reply } from './reply.ts';
import { createReply, errorReply, jsonReply } from './reply.ts';
import type { WireRequest } from './route.ts';

const PING_HEADERS = { 'Docker-Distribution-API-Version': 'registry/2.0' };

/**
 * Answers what an allowed client may read: OCI distribution-spec, "Pull" and "Content discovery".
 */
export function answerContent(content: RegistryContent, request: WireRequest): Reply {
  const { kind, repository: name, reference = '' } = request.route;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return errorReply(405, { message: 'this registry is read-only' }, { Allow: 'GET, HEAD' });
  }
  if (kind === 'ping') return jsonReply(200, {}, PING_HEADERS);
  if (name === undefined) return errorReply(404, { code: 'UNSUPPORTED', message: 'no such path' });
  if (!isRepositoryName(name)) {
    return errorReply(400, { code: 'NAME_INVALID', message: 'invalid repository name' });
  }
  const repository = content.repository(name);
  if (repository === undefined) {
    return errorReply(404, { code: 'NAME_UNKNOWN', message: 'repository name not known' });
  }
  if (kind === 'tags') return answerTags(repository, request.query);
  const answer = kind === 'blob' ? answerBlob : answerManifest;
  return unlessCached(answer(repository, reference), request);
}

function answerManifest(repository: Repository, reference: string): Reply {
  if (!isTag(reference) && !isWireDigest(reference)) {
    return errorReply(400, { code: 'DIGEST_INVALID', message: 'neither a tag nor a digest' });
  }
  const manifest = repository.manifest(reference);
  if (manifest) return storedReply(manifest.mediaType, manifest.digest, manifest.body);
  return errorReply(404, { code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' });
}

function answerBlob(repository: Repository, digest: string): Reply {
  if (!isWireDigest(digest)) {
    return errorReply(400, { code: 'DIGEST_INVALID', message: 'invalid digest' });
  }
  const blob = repository.blob(digest);
  if (blob) return storedReply('application/octet-stream', digest, blob);
  return errorReply(404, { code: 'BLOB_UNKNOWN', message: 'blob unknown to registry' });
}

/** 200 with the bytes, and what they are. */
export function storedReply(mediaType: string, digest: string, body: Buffer): Reply {
  const headers = {
    'Content-Type': mediaType,
    'Docker-Content-Digest': digest,
    ETag: `"${digest}"`,
  };
  return createReply(200, headers, body);
}

/** 304 when If-None-Match (quoted, bare, weak, a list or `*`) names what would be sent. */
function unlessCached(reply: Reply, request: WireRequest): Reply {
  const known = request.headers['if-none-match'];
  const etag = reply.headers['ETag'];
  if (known === undefined || etag === undefined) return reply;
  const tags = known.split(',').map((tag) => tag.trim().replace(/^W\/|"/g, ''));
  if (!tags.includes('*') && !tags.includes(etag.replaceAll('"', ''))) return reply;
  return { ...reply, status: 304, body: Buffer.alloc(0) };
}
