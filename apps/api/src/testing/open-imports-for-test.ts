import type { ImageStreamImport } from '@tagtrail/image-stream';
import type { ApiAdapters } from '../api-adapters.ts';
import { MemoryImportRequests } from './memory-import-requests.ts';
import { type ApiForTest, openApiForTest } from './open-api-for-test.ts';
import { IDLE_QUEUE, ScriptedWorkers } from './scripted-workers.ts';

const NO_RESULTS = { lag: 0, pending: 0, length: 0, deadLetters: 0, oldestPending: 0 };

const NO_HEARTBEATS = {
  beat: async () => undefined,
  leave: async () => undefined,
  list: async () => [],
};

const NO_SECRETS: ApiAdapters['secrets'] = {
  read: async () => undefined,
  readNamespace: async () => ({ resourceVersion: '0', secrets: [] }),
  list: async () => ({ resourceVersion: '0', secrets: [], more: false }),
  create: async () => ({ kind: 'full' }),
  replace: async () => ({ kind: 'full' }),
  delete: async () => false,
};

const NO_ACCESS_TOKENS: ApiAdapters['accessTokens'] = {
  create: async () => 'full',
  read: async () => undefined,
  list: async () => [],
  remove: async () => false,
};

/** A running API whose requested imports are done by a script. */
export async function openImportsForTest(variables: Readonly<Record<string, string>> = {}) {
  const requests = new MemoryImportRequests();
  const made: ScriptedWorkers[] = [];
  const api = await openApiForTest(variables, (store) => {
    const requestedQueue = new ScriptedWorkers(store, requests);
    made.push(requestedQueue);
    return {
      ...store,
      queue: { metrics: async () => IDLE_QUEUE },
      results: { stats: async () => NO_RESULTS },
      secrets: NO_SECRETS,
      accessTokens: NO_ACCESS_TOKENS,
      heartbeats: NO_HEARTBEATS,
      memory: async () => ({ usedBytes: 1_000_000, maxBytes: 0 }),
      requestedQueue,
      requests,
    };
  });
  const [workers] = made;
  if (workers === undefined) throw new Error('the API asked for no adapters');
  const read = (name: string) => api.store.streams.read({ namespace: 'shop', name });
  return { ...api, workers, requests, read, importTo: importsOf(api) };
}

export type ImportsForTest = Awaited<ReturnType<typeof openImportsForTest>>;

export const IMPORTS_PATH = '/apis/image.openshift.io/v1/namespaces/shop/imagestreamimports';

/** Sends what a client sends, to the namespace `shop`. */
function importsOf({ ask }: ApiForTest) {
  return async (name: string, spec: object, { metadata = {}, query = '' } = {}) => {
    const body = JSON.stringify({
      kind: 'ImageStreamImport',
      apiVersion: 'image.openshift.io/v1',
      metadata: { name, namespace: 'shop', creationTimestamp: null, ...metadata },
      spec,
      status: {},
    });
    const headers = { 'content-type': 'application/json' };
    const answered = await ask(`${IMPORTS_PATH}${query}`, { method: 'POST', headers, body });
    return { ...answered, status: (answered.answer as unknown as ImageStreamImport).status };
  };
}

/** An image to import, as a client writes it. */
export const imageFrom = (name: string, fields: object = {}) => ({
  from: { kind: 'DockerImage', name },
  ...fields,
});
