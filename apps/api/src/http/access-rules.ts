import type { Role } from '@tagtrail/access-control';
import type { Verb } from './endpoints.ts';

/** What it takes to use a resource. */
export interface AccessRule {
  /** API group of the objects; undefined for paths that stand for none. */
  readonly group?: string;
  /** To get, list and watch. */
  readonly read: Role;
  /** For everything else. */
  readonly change: Role;
  /** One namespace of any name will do: what the answer may hold is decided behind the path. */
  readonly anywhere?: boolean;
}

/** Says nothing of any stream: whoever has a token may have it. */
export const FOR_ANY_TOKEN = 'any token';

const IMAGE_GROUP = 'image.openshift.io';
const OWN_GROUP = 'tagtrail.dev';

const OBJECTS = { read: 'view', change: 'edit' } as const;
/** Streams of all namespaces at once; what changes them there is for who runs the installation. */
const OVERALL = { read: 'view', change: 'admin' } as const;

/**
 * Who may do what, by the resource that a route names. Below a `:namespace` the role is needed in that namespace, on all
 * other paths everywhere. Source of the roles: Kubernetes' `view`, `edit` and `admin`; so `view` reads no secrets.
 */
export const ACCESS_RULES: Readonly<Record<string, AccessRule | typeof FOR_ANY_TOKEN>> = {
  discovery: FOR_ANY_TOKEN,
  dashboard: FOR_ANY_TOKEN,
  status: OVERALL,
  overview: OVERALL,
  archive: OVERALL,
  namespaces: { group: '', ...OVERALL },
  events: { group: '', ...OVERALL },
  secrets: { group: '', read: 'edit', change: 'edit' },
  images: { group: IMAGE_GROUP, ...OVERALL },
  imagestreams: { group: IMAGE_GROUP, ...OBJECTS },
  imagestreamtags: { group: IMAGE_GROUP, ...OBJECTS },
  imagestreamimages: { group: IMAGE_GROUP, ...OBJECTS },
  imagestreamimports: { group: IMAGE_GROUP, ...OBJECTS },
  imagestreamchecks: { group: OWN_GROUP, ...OBJECTS },
  imagestreamhistories: { group: OWN_GROUP, ...OBJECTS },
  accesstokens: { group: OWN_GROUP, read: 'admin', change: 'admin', anywhere: true },
};

/** For what the table does not name: nobody can reach by mistake what somebody forgot to decide. */
export const UNDECIDED: AccessRule = { read: 'admin', change: 'admin' };

const READING: ReadonlySet<string> = new Set<Verb>(['get', 'list', 'watch']);

/** The role that a verb needs. */
export function roleFor({ read, change }: AccessRule, verb: string): Role {
  return READING.has(verb) ? read : change;
}
