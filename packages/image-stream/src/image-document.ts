/** Content-addressed description of an image, written before the commit that needs it. */
export interface ImageDocument {
  /** Digest of the manifest; the key. */
  readonly digest: string;
  readonly mediaType: string;
  readonly dockerImageReference: string;
  /** The manifest's bytes as text, verbatim. */
  readonly manifest: string;
  /** The config blob's text, verbatim; absent for indexes and artifacts. */
  readonly config?: string;
  /** Digests of the other images that this one is made of, saved before it: all entries of an index, nested ones too. */
  readonly parts?: readonly string[];
}
