/** Content address: algorithm and lower-case hex. Source: OCI image-spec, "Digests". */
export type Digest = `sha256:${string}` | `sha512:${string}`;

/**
 * The two registered algorithms with exactly their hex length, and nothing else: digests end up in
 * request paths and storage keys, so the grammar's looser forms stay outside (class of CVE-2024-3727).
 */
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** Whether `text` is a digest Tagtrail accepts: `sha256:` + 64 or `sha512:` + 128 lower-case hex digits. */
export function isDigest(text: string): text is Digest {
  return DIGEST.test(text);
}

/** The algorithm that a digest names. */
export function digestAlgorithm(digest: Digest): 'sha256' | 'sha512' {
  return digest.startsWith('sha256:') ? 'sha256' : 'sha512';
}
