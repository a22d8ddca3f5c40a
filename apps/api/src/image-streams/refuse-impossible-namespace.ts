import { isDnsLabel, notFound } from '@tagtrail/apimachinery';
import { StatusError } from '../status-error.ts';

/** Every namespace that can have a name exists. Throws StatusError NotFound for the others. */
export function refuseImpossibleNamespace(namespace: string): void {
  if (isDnsLabel(namespace)) return;
  const target = { group: '', resource: 'namespaces', kind: 'Namespace', name: namespace };
  throw new StatusError(notFound(target));
}
