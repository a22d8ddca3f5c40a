import { CliError } from '../cli-error.ts';

/** The resource that the verbs are about, as kubectl writes it. */
export const STREAM_RESOURCE = 'imagestream.image.openshift.io';

export type ObjectKind = 'is' | 'checks';

const KINDS: Readonly<Record<string, ObjectKind>> = {
  is: 'is',
  imagestream: 'is',
  imagestreams: 'is',
  'imagestream.image.openshift.io': 'is',
  'imagestreams.image.openshift.io': 'is',
  check: 'checks',
  checks: 'checks',
  imagestreamcheck: 'checks',
  imagestreamchecks: 'checks',
};

export interface NamedObjects {
  readonly kind: ObjectKind;
  /** Empty means all. */
  readonly names: readonly string[];
}

/** Reads `is web api` and `is/web is/api`. Throws CliError `usage`. */
export function parseObjects(kind: string, names: readonly string[]): NamedObjects {
  const [first = '', ...rest] = kind.split('/');
  if (rest.length === 0) return { kind: knownKind(kind), names };
  const paths = [kind, ...names].map((path) => path.split('/'));
  const mixed = paths.find(([each], _, [head]) => each !== head?.[0]);
  if (mixed !== undefined || paths.some(({ length }) => length !== 2)) {
    throw new CliError('usage', `write KIND NAME… or KIND/NAME… of one kind, not "${kind}"`);
  }
  return { kind: knownKind(first), names: paths.map(([, name = '']) => name) };
}

function knownKind(text: string): ObjectKind {
  const kind = Object.hasOwn(KINDS, text.toLowerCase()) ? KINDS[text.toLowerCase()] : undefined;
  if (kind !== undefined) return kind;
  throw new CliError('usage', `unknown kind "${text}": it is "is" (image streams) or "checks"`);
}

/** A stream and one of its tags. */
export interface StreamTag {
  readonly name: string;
  readonly tag: string;
}

/** Reads `STREAM:TAG`, or `STREAM` for its tag `latest`. Throws CliError `usage`. Source: OpenShift image stream tag names. */
export function parseStreamTag(text: string): StreamTag {
  const [, name = '', tag] = /^([^:]+)(?::(.*))?$/u.exec(text) ?? [];
  if (name === '' || text.includes('@') || tag?.includes(':')) {
    throw new CliError('usage', `"${text}" is not STREAM:TAG`);
  }
  return { name, tag: tag || 'latest' };
}
