import type { Variables } from '../config.ts';
import type { ChildPlan, ChildStart } from '../processes/child-plan.ts';
import { findFreePort, LOOPBACK } from '../processes/free-port.ts';
import { ownNetworkVariables } from './own-network.ts';

/** What the child processes need to know. Functions are asked before every start. */
export interface ServiceSettings {
  readonly port: number;
  readonly registryPort: number;
  /** Of the registry's copies. */
  readonly registryFolder: string;
  readonly workers: number;
  readonly redisUrl: () => string;
  /** File that holds the API's token. */
  readonly tokenFile: string;
  /** File with the key that secrets are sealed with; undefined where the user has set one. */
  readonly secretKeyFile: string | undefined;
  readonly certificate: { readonly certificateFile: string; readonly keyFile: string };
  /** The user's own environment; the children inherit it. */
  readonly variables: Variables;
}

/** The parts of the service, in the order in which they are asked to stop. */
export interface ServicePlans {
  readonly producer: ChildPlan;
  readonly workers: readonly ChildPlan[];
  readonly statusWriter: ChildPlan;
  readonly api: ChildPlan;
  readonly registry: ChildPlan;
}

export function planService(settings: ServiceSettings): ServicePlans {
  const behind = (name: string, command: string): ChildPlan => ({
    name,
    args: [command],
    prepare: () => behindHealthPort(settings),
  });
  return {
    producer: behind('producer', 'producer'),
    workers: Array.from({ length: settings.workers }, (_, index) =>
      behind(`worker-${index + 1}`, 'worker'),
    ),
    statusWriter: behind('status-writer', 'status-writer'),
    api: { name: 'api', args: ['api'], prepare: async () => apiStart(settings) },
    registry: {
      name: 'registry',
      args: ['registry'],
      prepare: () => registryStart(settings),
    },
  };
}

/** Several processes on one machine: each gets a health port that is free now. */
async function behindHealthPort(settings: ServiceSettings): Promise<ChildStart> {
  const port = await findFreePort();
  return {
    variables: {
      ...childVariables(settings),
      TAGTRAIL_HEALTH_HOST: LOOPBACK,
      TAGTRAIL_HEALTH_PORT: String(port),
    },
    readyUrl: `http://${LOOPBACK}:${port}/readyz`,
  };
}

function apiStart(settings: ServiceSettings): ChildStart {
  return {
    variables: {
      ...childVariables(settings),
      TAGTRAIL_API_HOST: LOOPBACK,
      TAGTRAIL_API_PORT: String(settings.port),
      TAGTRAIL_API_TOKEN_FILE: settings.tokenFile,
      TAGTRAIL_API_CERTIFICATE_FILE: settings.certificate.certificateFile,
      TAGTRAIL_API_KEY_FILE: settings.certificate.keyFile,
    },
    readyUrl: `http://${LOOPBACK}:${settings.port}/readyz`,
  };
}

/** Where it serves is also where the API says that images are. */
async function registryStart(settings: ServiceSettings): Promise<ChildStart> {
  const start = await behindHealthPort(settings);
  return {
    ...start,
    variables: {
      ...start.variables,
      TAGTRAIL_REGISTRY_HOST: LOOPBACK,
      TAGTRAIL_REGISTRY_PORT: String(settings.registryPort),
      TAGTRAIL_REGISTRY_FOLDER: settings.registryFolder,
      TAGTRAIL_REGISTRY_CERTIFICATE_FILE: settings.certificate.certificateFile,
      TAGTRAIL_REGISTRY_KEY_FILE: settings.certificate.keyFile,
      TAGTRAIL_API_TOKEN_FILE: settings.tokenFile,
    },
  };
}

function childVariables(settings: ServiceSettings): Record<string, string> {
  const { secretKeyFile } = settings;
  return {
    ...inherited(settings.variables),
    ...ownNetworkVariables(settings.variables),
    TAGTRAIL_REDIS_URL: settings.redisUrl(),
    ...(secretKeyFile !== undefined && { TAGTRAIL_SECRETS_KEY_FILE: secretKeyFile }),
    TAGTRAIL_API_REGISTRY_HOSTNAME:
      settings.variables['TAGTRAIL_API_REGISTRY_HOSTNAME'] ??
      `${LOOPBACK}:${settings.registryPort}`,
    // `up` reads the lines and shows what matters.
    TAGTRAIL_LOG_FORMAT: 'json',
  };
}

/** `up` decides where Redis is and which token counts; what the user set for other processes must not win. */
const DECIDED_BY_UP = [
  'REDIS_URL',
  'TAGTRAIL_REDIS_URL',
  'TAGTRAIL_REDIS_URL_FILE',
  'TAGTRAIL_API_TOKEN',
  'TAGTRAIL_API_TOKEN_FILE',
  'TAGTRAIL_API_CERTIFICATE_FILE',
  'TAGTRAIL_API_KEY_FILE',
  'TAGTRAIL_REGISTRY_CERTIFICATE_FILE',
  'TAGTRAIL_REGISTRY_KEY_FILE',
];

function inherited(variables: Variables): Record<string, string> {
  const kept = Object.entries(variables).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !DECIDED_BY_UP.includes(entry[0]),
  );
  return Object.fromEntries(kept);
}

/** The registry simulator as a process of its own: `moving` tags are pushed again and again, `still` ones once. */
export function planSimulator(o: {
  readonly port: number;
  readonly every: string;
  readonly moving: readonly string[];
  readonly still: readonly string[];
  readonly variables: Variables;
}): ChildPlan {
  return {
    name: 'simulator',
    args: [
      'simulate-registry',
      ...['--port', String(o.port), '--every', o.every],
      ...o.still.flatMap((tag) => ['--tag', tag]),
      ...o.moving.flatMap((tag) => ['--move', tag]),
    ],
    prepare: async () => ({
      variables: inherited(o.variables),
      readyUrl: `http://${LOOPBACK}:${o.port}/v2/`,
    }),
  };
}
