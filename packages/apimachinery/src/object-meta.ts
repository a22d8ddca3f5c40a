/** Metadata of an API object. Source: Kubernetes API conventions, "Metadata". */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  /** Counter of storage; an opaque decimal string to clients. */
  readonly resourceVersion?: string;
  /** Counter of intent. */
  readonly generation?: number;
  /** RFC 3339 UTC, whole seconds. */
  readonly creationTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Metadata of a list; `continue` pages on. */
export interface ListMeta {
  readonly resourceVersion?: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}
