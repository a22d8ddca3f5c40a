import type { PullSecret } from '@tagtrail/pull-secrets';

/** A secret of the namespace shop. */
export function aSecret(name: string, changes: Partial<PullSecret['metadata']> = {}): PullSecret {
  const auths = { 'quay.io': { username: 'robot', password: 'hunter2' } };
  const file = Buffer.from(JSON.stringify({ auths })).toString('base64');
  return {
    kind: 'Secret',
    apiVersion: 'v1',
    metadata: { name, namespace: 'shop', uid: `uid-of-${name}`, ...changes },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': file },
  };
}
