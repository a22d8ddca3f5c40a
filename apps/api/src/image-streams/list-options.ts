import {
  badRequest,
  type FieldSelector,
  fieldForbidden,
  invalid,
  type LabelSelector,
  parseFieldSelector,
  parseLabelSelector,
  parseResourceVersion,
} from '@tagtrail/apimachinery';
import type { FastifyRequest } from 'fastify';
import { queryCount, queryFlag, queryText } from '../http/query.ts';
import { StatusError } from '../status-error.ts';
import { SELECTABLE_FIELDS, type Selection } from '../watch/selection.ts';

/** The query of a list or a watch. Source: Kubernetes meta/v1 `ListOptions`. */
export interface ListOptions {
  readonly watch: boolean;
  readonly selection: Selection;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly exact: boolean;
  readonly timeoutSeconds?: number;
  readonly bookmarks: boolean;
  readonly sendInitialEvents?: boolean;
}

/** Reads and checks the query; `namespace` is the path's, if it has one. Throws StatusError. */
export function readListOptions(
  request: FastifyRequest,
  namespace: string | undefined,
): ListOptions {
  const watch = queryFlag(request, 'watch') ?? false;
  const resourceVersion = readResourceVersion(request);
  const initialEvents = readInitialEvents(request, watch);
  const limit = queryCount(request, 'limit');
  const token = queryText(request, 'continue');
  const timeoutSeconds = queryCount(request, 'timeoutSeconds');
  return {
    watch,
    selection: readSelection(request, namespace),
    ...(limit !== undefined && limit > 0 && { limit }),
    ...(token !== undefined && { continue: token }),
    ...(resourceVersion !== undefined && { resourceVersion }),
    exact: queryText(request, 'resourceVersionMatch') === 'Exact',
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    bookmarks: queryFlag(request, 'allowWatchBookmarks') ?? false,
    ...(initialEvents !== undefined && { sendInitialEvents: initialEvents }),
  };
}

function readSelection(request: FastifyRequest, namespace: string | undefined): Selection {
  const labels = readLabels(queryText(request, 'labelSelector'));
  const fields = readFields(queryText(request, 'fieldSelector'));
  return {
    ...(namespace !== undefined && { namespace }),
    ...(labels !== undefined && { labels }),
    ...(fields !== undefined && { fields }),
  };
}

function readLabels(text: string | undefined): LabelSelector | undefined {
  if (text === undefined) return undefined;
  const parsed = parseLabelSelector(text);
  if (parsed.ok) return parsed.selector;
  throw new StatusError(badRequest(`unable to parse labelSelector: ${parsed.message}`));
}

function readFields(text: string | undefined): FieldSelector | undefined {
  if (text === undefined) return undefined;
  const parsed = parseFieldSelector(text);
  if (!parsed.ok) throw new StatusError(badRequest(parsed.message));
  const unknown = parsed.selector.fields.find((field) => !SELECTABLE_FIELDS.includes(field));
  if (unknown === undefined) return parsed.selector;
  const message = `field label not supported: ${unknown}; supported are ${SELECTABLE_FIELDS.join(', ')}`;
  throw new StatusError(badRequest(message));
}

function readResourceVersion(request: FastifyRequest): string | undefined {
  const text = queryText(request, 'resourceVersion');
  if (text === undefined) return undefined;
  const parsed = parseResourceVersion(text);
  if (parsed.ok) return parsed.resourceVersion;
  throw new StatusError(badRequest(parsed.message));
}

/** A client that asked for initial events waits for their end, so a request that can't have one is refused. */
function readInitialEvents(request: FastifyRequest, watch: boolean): boolean | undefined {
  const wanted = queryFlag(request, 'sendInitialEvents');
  if (wanted === undefined) return undefined;
  if (!watch) throw invalidOptions('sendInitialEvents', 'sendInitialEvents is only for a watch');
  if (queryText(request, 'resourceVersionMatch') !== 'NotOlderThan') {
    const detail = 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan';
    throw invalidOptions('resourceVersionMatch', detail);
  }
  return wanted;
}

function invalidOptions(field: string, detail: string): StatusError {
  const target = { group: 'meta.k8s.io', resource: '', kind: 'ListOptions', name: '' };
  return new StatusError(invalid(target, [fieldForbidden(field, detail)]));
}
