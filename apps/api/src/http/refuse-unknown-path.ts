import type { Status } from '@tagtrail/apimachinery';
import type { FastifyRequest } from 'fastify';
import { StatusError } from '../status-error.ts';

/** Characters of a path that are repeated in a message. */
const SHOWN_PATH = 200;

/** Throws the Status of a path that is not served. Source: Kubernetes' generic 404, whose words clients match. */
export function refuseUnknownPath(request: FastifyRequest): never {
  const path = (request.url.split('?', 1)[0] ?? '').slice(0, SHOWN_PATH);
  const status: Status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `the server could not find the requested resource: ${path}`,
    reason: 'NotFound',
    details: {},
    code: 404,
  };
  throw new StatusError(status);
}
