import { isDnsLabel, notFound } from '@tagtrail/apimachinery';
import type { FastifyInstance } from 'fastify';
import type { FreshValue } from '../fresh-value.ts';
import { servePath } from '../http/endpoints.ts';
import { pathPart } from '../http/query.ts';
import { StatusError } from '../status-error.ts';

/**
 * Serves the little of Kubernetes' core group that clients look at on the way to image streams. Namespaces are only
 * names here: every possible one exists, and those with streams are listed. There are no events.
 */
export function serveNamespaces(app: FastifyInstance, names: FreshValue<readonly string[]>): void {
  servePath(app, {
    url: '/api/v1/namespaces',
    resource: 'namespaces',
    methods: { GET: { verb: 'list', answer: () => listNamespaces(names) } },
  });
  servePath(app, {
    url: '/api/v1/namespaces/:namespace',
    resource: 'namespaces',
    methods: {
      GET: { verb: 'get', answer: (request) => getNamespace(pathPart(request, 'namespace')) },
    },
  });
  for (const url of ['/api/v1/events', '/api/v1/namespaces/:namespace/events']) {
    const answer = () => listOf('EventList', []);
    servePath(app, { url, resource: 'events', methods: { GET: { verb: 'list', answer } } });
  }
}

async function listNamespaces(names: FreshValue<readonly string[]>) {
  return listOf('NamespaceList', (await names.get()).map(describeNamespace));
}

function getNamespace(name: string) {
  if (isDnsLabel(name)) return { kind: 'Namespace', apiVersion: 'v1', ...describeNamespace(name) };
  const target = { group: '', resource: 'namespaces', kind: 'Namespace', name };
  throw new StatusError(notFound(target));
}

function describeNamespace(name: string) {
  return {
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    spec: {},
    status: { phase: 'Active' },
  };
}

function listOf(kind: string, items: readonly unknown[]) {
  return { kind, apiVersion: 'v1', metadata: { resourceVersion: '0' }, items };
}
