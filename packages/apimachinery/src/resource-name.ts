/** Names one object in the two ways Kubernetes messages use: by resource and by kind. */
export interface ResourceName {
  /** API group, `''` for the legacy one. */
  readonly group: string;
  /** Plural, lower case: `imagestreams`. */
  readonly resource: string;
  /** `ImageStream`. */
  readonly kind: string;
  readonly name: string;
}

/** `imagestreams.image.openshift.io`, or the bare resource in the legacy group. */
export function qualifiedResource({ group, resource }: ResourceName): string {
  return group === '' ? resource : `${resource}.${group}`;
}

/** `ImageStream.image.openshift.io`, or the bare kind in the legacy group. */
export function qualifiedKind({ group, kind }: ResourceName): string {
  return group === '' ? kind : `${kind}.${group}`;
}
