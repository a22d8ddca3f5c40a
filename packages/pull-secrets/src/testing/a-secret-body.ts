import { encodeBase64 } from '../base64.ts';

/** What `kubectl create secret docker-registry` sends, with changes. */
export function aSecretBody(changes: Readonly<Record<string, unknown>> = {}) {
  const auths = { 'quay.io': { username: 'robot', password: 'hunter2' } };
  return {
    kind: 'Secret',
    apiVersion: 'v1',
    metadata: { name: 'regcred', creationTimestamp: null },
    data: { '.dockerconfigjson': encodeBase64(JSON.stringify({ auths })) },
    type: 'kubernetes.io/dockerconfigjson',
    ...changes,
  };
}
