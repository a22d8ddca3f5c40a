import { CliError } from '../cli-error.ts';

export type ObjectKind = 'is' | 'istag' | 'isimage' | 'image' | 'checks' | 'secret' | 'token';

/** Each kind's resource, as kubectl writes it before a name. */
export const RESOURCES: Readonly<Record<ObjectKind, string>> = {
  is: 'imagestream.image.openshift.io',
  istag: 'imagestreamtag.image.openshift.io',
  isimage: 'imagestreamimage.image.openshift.io',
  image: 'image.image.openshift.io',
  checks: 'imagestreamcheck.tagtrail.dev',
  secret: 'secret',
  token: 'accesstoken.tagtrail.dev',
};

/** The resource that most verbs are about. */
export const STREAM_RESOURCE = RESOURCES.is;

/** What each kind may be called. */
const KINDS: Readonly<Record<string, ObjectKind>> = {
  is: 'is',
  imagestream: 'is',
  imagestreams: 'is',
  istag: 'istag',
  imagestreamtag: 'istag',
  imagestreamtags: 'istag',
  isimage: 'isimage',
  imagestreamimage: 'isimage',
  imagestreamimages: 'isimage',
  image: 'image',
  images: 'image',
  check: 'checks',
  checks: 'checks',
  imagestreamcheck: 'checks',
  imagestreamchecks: 'checks',
  secret: 'secret',
  secrets: 'secret',
  token: 'token',
  tokens: 'token',
  accesstoken: 'token',
  accesstokens: 'token',
};
const GROUP = /\.(?:image\.openshift\.io|tagtrail\.dev)$/u;

/** For messages about kinds. */
const KINDS_IN_WORDS =
  '"is" (image streams), "istag" (their tags), "isimage" and "image" (images), "checks", "secrets", or "tokens"';

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
  const word = text.toLowerCase().replace(GROUP, '');
  const kind = Object.hasOwn(KINDS, word) ? KINDS[word] : undefined;
  if (kind !== undefined) return kind;
  throw new CliError('usage', `unknown kind "${text}": it is ${KINDS_IN_WORDS}`);
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
