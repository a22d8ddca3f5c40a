import type { ListMeta, Status } from '@tagtrail/apimachinery';
import type { PullSecret, SecretKey } from '@tagtrail/pull-secrets';
import type { ApiConnection } from './api-connection.ts';
import { unintelligible } from './api-error.ts';

/** Secrets asked for at once. */
const PAGE = 500;
/** Pages that `listAll` follows; half a million secrets. */
const MAX_PAGES = 1_000;

export interface SecretQuery {
  /** Absent means all of them. */
  readonly namespace?: string;
  readonly labelSelector?: string;
}

/** The credentials of namespaces. Every method throws ApiError. Source: Kubernetes core/v1, secrets. */
export interface Secrets {
  get(key: SecretKey): Promise<PullSecret>;
  /** All pages, with their contents. */
  listAll(query?: SecretQuery): Promise<readonly PullSecret[]>;
  create(secret: PullSecret): Promise<PullSecret>;
  /** Without a `resourceVersion` the newest one is replaced, whatever it is. */
  replace(secret: PullSecret): Promise<PullSecret>;
  delete(key: SecretKey): Promise<Status>;
}

export function createSecrets(connection: ApiConnection): Secrets {
  const send = <T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body: unknown) =>
    connection.request<T>({ method, path, body });
  return {
    get: ({ namespace, name }) => connection.request({ path: pathOf(namespace, name) }),
    listAll: (query = {}) => listSecrets(connection, query),
    create: (secret) => send('POST', pathOf(secret.metadata.namespace), secret),
    replace: (secret) =>
      send('PUT', pathOf(secret.metadata.namespace, secret.metadata.name), secret),
    delete: ({ namespace, name }) =>
      send('DELETE', pathOf(namespace, name), { kind: 'DeleteOptions', apiVersion: 'v1' }),
  };
}

async function listSecrets(
  connection: ApiConnection,
  { namespace, labelSelector }: SecretQuery,
): Promise<readonly PullSecret[]> {
  const secrets: PullSecret[] = [];
  let next: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page = await connection.request<{
      readonly metadata: ListMeta;
      readonly items: readonly PullSecret[];
    }>({ path: pathOf(namespace), query: { limit: PAGE, labelSelector, continue: next } });
    secrets.push(...page.items);
    next = page.metadata.continue;
    if (next === undefined) return secrets;
  }
  throw unintelligible(`the list of secrets has more than ${MAX_PAGES} pages`);
}

function pathOf(namespace: string | undefined, name?: string): string {
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `/api/v1${scope}/secrets${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}
