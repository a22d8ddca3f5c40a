import { type ImageStream, INSECURE_REPOSITORY_ANNOTATION } from '@tagtrail/image-stream';

const INSECURE_TEXT = `the annotation ${INSECURE_REPOSITORY_ANNOTATION} lets all tags of this stream be imported over unverified TLS or plain HTTP; prefer importPolicy.insecure on the single tags that need it`;

/** Value of the Warning header for a stream that was written; undefined when there is nothing to warn of. Source: Kubernetes, RFC 7234 §5.5. */
export function insecureWarning({ metadata }: Pick<ImageStream, 'metadata'>): string | undefined {
  const isInsecure = metadata.annotations?.[INSECURE_REPOSITORY_ANNOTATION] === 'true';
  return isInsecure ? `299 - "${INSECURE_TEXT}"` : undefined;
}
