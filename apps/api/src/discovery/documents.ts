/** Version of this server; a test compares it with package.json. */
export const SERVER_VERSION = '0.1.0';

/**
 * The Kubernetes minor version whose API conventions are served. Clients compare it with their own and warn when they
 * are far apart; the middle of what is in use keeps most of them quiet.
 */
const KUBERNETES_MINOR = '33';

const IMAGE_GROUP = 'image.openshift.io';
const OWN_GROUP = 'tagtrail.dev';

interface ApiResource {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

/** What `GET` on each discovery path answers. Source: Kubernetes API discovery, unaggregated. */
export const DISCOVERY_DOCUMENTS: Readonly<Record<string, unknown>> = {
  '/api': { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] },
  '/apis': {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [group(IMAGE_GROUP), group(OWN_GROUP)],
  },
  '/api/v1': resources('v1', [
    {
      name: 'namespaces',
      singularName: 'namespace',
      namespaced: false,
      kind: 'Namespace',
      verbs: ['get', 'list'],
      shortNames: ['ns'],
    },
    {
      name: 'events',
      singularName: 'event',
      namespaced: true,
      kind: 'Event',
      verbs: ['list'],
      shortNames: ['ev'],
    },
    {
      name: 'secrets',
      singularName: 'secret',
      namespaced: true,
      kind: 'Secret',
      verbs: ['create', 'delete', 'get', 'list', 'update'],
    },
  ]),
  [`/apis/${IMAGE_GROUP}`]: { kind: 'APIGroup', apiVersion: 'v1', ...group(IMAGE_GROUP) },
  [`/apis/${IMAGE_GROUP}/v1`]: resources(`${IMAGE_GROUP}/v1`, [
    {
      name: 'imagestreams',
      singularName: 'imagestream',
      namespaced: true,
      kind: 'ImageStream',
      verbs: ['create', 'delete', 'get', 'list', 'update', 'watch'],
      shortNames: ['is'],
      categories: ['all'],
    },
    {
      name: 'imagestreamtags',
      singularName: 'imagestreamtag',
      namespaced: true,
      kind: 'ImageStreamTag',
      verbs: ['create', 'delete', 'get', 'list', 'update'],
      shortNames: ['istag'],
    },
    {
      name: 'imagestreamimages',
      singularName: 'imagestreamimage',
      namespaced: true,
      kind: 'ImageStreamImage',
      verbs: ['get'],
      shortNames: ['isimage'],
    },
    {
      name: 'imagestreamimports',
      singularName: 'imagestreamimport',
      namespaced: true,
      kind: 'ImageStreamImport',
      verbs: ['create'],
    },
    {
      name: 'images',
      singularName: 'image',
      namespaced: false,
      kind: 'Image',
      verbs: ['get'],
    },
  ]),
  [`/apis/${OWN_GROUP}`]: { kind: 'APIGroup', apiVersion: 'v1', ...group(OWN_GROUP) },
  [`/apis/${OWN_GROUP}/v1`]: resources(`${OWN_GROUP}/v1`, [
    {
      name: 'accesstokens',
      singularName: 'accesstoken',
      namespaced: false,
      kind: 'AccessToken',
      verbs: ['create', 'delete', 'get', 'list'],
    },
    {
      name: 'imagestreamchecks',
      singularName: 'imagestreamcheck',
      namespaced: true,
      kind: 'ImageStreamCheck',
      verbs: ['get', 'list'],
    },
    {
      name: 'imagestreamhistories',
      singularName: 'imagestreamhistory',
      namespaced: true,
      kind: 'ImageStreamHistory',
      verbs: ['get'],
    },
  ]),
  '/version': {
    major: '1',
    minor: KUBERNETES_MINOR,
    gitVersion: `v1.${KUBERNETES_MINOR}.0+tagtrail-${SERVER_VERSION}`,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: 'node',
    platform: 'linux/amd64',
  },
};

function group(name: string) {
  const version = { groupVersion: `${name}/v1`, version: 'v1' };
  return { name, versions: [version], preferredVersion: version };
}

function resources(groupVersion: string, list: readonly ApiResource[]) {
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: list };
}
