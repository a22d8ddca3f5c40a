import { badRequest, notAcceptable } from '@tagtrail/apimachinery';
import type { FastifyRequest } from 'fastify';
import { StatusError } from '../status-error.ts';
import { queryText } from './query.ts';
import { chooseRepresentation, type Representation } from './representation.ts';

/** What a row carries beside its cells. Source: Kubernetes meta/v1 `IncludeObjectPolicy`. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** How a resource that can be drawn as a Table is to be answered. Throws StatusError NotAcceptable. */
export function representationFor(request: FastifyRequest): Representation {
  const representation = chooseRepresentation(request.headers.accept, true);
  if (representation !== undefined) return representation;
  const message =
    'only the following media types are accepted: application/json, application/json;as=Table;g=meta.k8s.io;v=v1, application/json;as=Table;g=meta.k8s.io;v=v1beta1';
  throw new StatusError(notAcceptable(message));
}

/** Reads `includeObject`. Throws StatusError BadRequest. */
export function readIncludeObject(request: FastifyRequest): IncludeObject {
  const wanted = queryText(request, 'includeObject') ?? 'Metadata';
  if (wanted === 'None' || wanted === 'Metadata' || wanted === 'Object') return wanted;
  throw new StatusError(badRequest('includeObject must be None, Metadata or Object'));
}
