import type { Digest } from '@tagtrail/image-reference';
import { decodeText, matchesDigest } from './content-digest.ts';
import { RegistryError } from './registry-error.ts';
import type { RegistryExchange } from './registry-exchange.ts';
import { blobPath, checkTarget, nameOf, type RepositoryTarget } from './repository-target.ts';

export interface BlobRequest {
  readonly target: RepositoryTarget;
  readonly descriptor: { readonly digest: Digest; readonly size: number };
  readonly limit: number;
}

const OK = 200;

/** The text of a small blob, such as an image config, that has the size and the digest its descriptor declares. */
export async function requestBlob(
  exchange: RegistryExchange,
  { target, descriptor, limit }: BlobRequest,
  signal: AbortSignal,
): Promise<string> {
  checkTarget(target);
  const { digest, size } = descriptor;
  const path = blobPath(target, digest);
  const subject = `${nameOf(target)}: blob ${digest}`;
  if (size > limit) throw invalid(`${subject}: declared as larger than ${limit} bytes`);
  const { reply, error } = await exchange.send(
    { target, method: 'GET', path, accept: '*/*', bodyLimit: limit, subject },
    signal,
  );
  if (reply.status !== OK) throw error();
  if (reply.body.length !== size || !matchesDigest(reply.body, digest)) {
    const sent = 'the registry sent something else than its descriptor names';
    throw invalid(`content integrity error: ${subject}: ${sent}`);
  }
  return decodeText(reply.body, subject);
}

function invalid(message: string): RegistryError {
  return new RegistryError('InvalidManifest', message);
}
