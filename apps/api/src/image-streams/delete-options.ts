import { badRequest } from '@tagtrail/apimachinery';
import { isDryRun } from '../http/query.ts';
import { StatusError } from '../status-error.ts';
import type { Expectations } from './expectations.ts';

export interface DeleteOptions {
  readonly preconditions: Expectations;
  readonly dryRun: boolean;
}

/**
 * Reads the body of a deletion, if there is one. Propagation and grace period are without meaning here: a stream has no
 * dependents and goes at once. Throws StatusError. Source: Kubernetes meta/v1 `DeleteOptions`.
 */
export function readDeleteOptions(body: unknown): DeleteOptions {
  const options = fieldsOf(body ?? {}, 'the body');
  const kind = options['kind'] ?? 'DeleteOptions';
  if (kind !== 'DeleteOptions') {
    throw new StatusError(badRequest('the body of a deletion must be DeleteOptions'));
  }
  const preconditions = fieldsOf(options['preconditions'] ?? {}, 'preconditions');
  return {
    preconditions: {
      uid: textOf(preconditions['uid'], 'preconditions.uid'),
      resourceVersion: textOf(preconditions['resourceVersion'], 'preconditions.resourceVersion'),
    },
    dryRun: readDryRun(options['dryRun']),
  };
}

function readDryRun(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (!Array.isArray(value)) throw new StatusError(badRequest('dryRun must be a list'));
  return value.map(isDryRun).includes(true);
}

function fieldsOf(value: unknown, name: string): Readonly<Record<string, unknown>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isObject) return { ...value };
  throw new StatusError(badRequest(`${name} must be an object`));
}

function textOf(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new StatusError(badRequest(`${name} must be a text`));
}
