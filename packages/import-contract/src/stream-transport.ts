import {
  type ImageStream,
  INSECURE_REPOSITORY_ANNOTATION,
  type TagImportPolicy,
} from '@tagtrail/image-stream';

/** True when the policy or the stream, if there is one, allows unverified TLS and plain HTTP; either is enough. */
export function isAllowedInsecure(
  stream: ImageStream | undefined,
  policy: TagImportPolicy = {},
): boolean {
  return (
    policy.insecure === true ||
    stream?.metadata.annotations?.[INSECURE_REPOSITORY_ANNOTATION] === 'true'
  );
}
