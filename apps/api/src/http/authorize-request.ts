import { EVERYWHERE, type Principal, permits, type Role } from '@tagtrail/access-control';
import { forbidden, type Status } from '@tagtrail/apimachinery';
import type { FastifyRequest } from 'fastify';
import { StatusError } from '../status-error.ts';
import {
  ACCESS_RULES,
  type AccessRule,
  FOR_ANY_TOKEN,
  roleFor,
  UNDECIDED,
} from './access-rules.ts';
import { pathPart, queryFlag } from './query.ts';

/** Characters of a name or a path that are repeated in a message. */
const SHOWN = 200;

/** Kubernetes' verbs of the methods that a path does not serve. They are refused as if it did, and only then with 405. */
const VERBS: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/**
 * The one place that decides whether a principal may do what it asks for. It looks at the route and its `:namespace`,
 * never at a body, which has not been read yet. Throws StatusError Forbidden.
 */
export function authorizeRequest(request: FastifyRequest, principal: Principal): void {
  const { resource = '' } = request.routeOptions.config;
  const rule = ACCESS_RULES[resource] ?? UNDECIDED;
  if (rule === FOR_ANY_TOKEN) return;
  const asked = askedOf(request);
  if (isPermitted(principal, { role: roleFor(rule, asked.verb), rule, asked })) return;
  throw new StatusError(refusal(principal, { ...asked, resource, rule, path: request.url }));
}

interface Asked {
  readonly verb: string;
  /** {@link EVERYWHERE} outside of namespaces: also for an empty one, which lists all of them. */
  readonly namespace: string;
  /** Empty when it is about none, or about all. */
  readonly name: string;
}

function askedOf(request: FastifyRequest): Asked {
  const { verb = VERBS[request.method] ?? request.method.toLowerCase() } =
    request.routeOptions.config;
  const isWatch = verb === 'list' && queryFlag(request, 'watch') === true;
  return {
    verb: isWatch ? 'watch' : verb,
    namespace: pathPart(request, 'namespace') || EVERYWHERE,
    name: pathPart(request, 'name'),
  };
}

function isPermitted(
  principal: Principal,
  need: { readonly role: Role; readonly rule: AccessRule; readonly asked: Asked },
): boolean {
  const { role, rule, asked } = need;
  if (rule.anywhere !== true) return permits(principal, role, asked.namespace);
  return principal.grants.some(({ namespace }) => permits(principal, role, namespace));
}

/** Source: Kubernetes `apierrors.NewForbidden` and the reasons of its authorizers. */
function refusal(
  { name: token }: Principal,
  refused: Asked & {
    readonly resource: string;
    readonly rule: AccessRule;
    readonly path: string;
  },
): Status {
  const { verb, namespace, resource, rule } = refused;
  if (rule.group === undefined) {
    const path = JSON.stringify((refused.path.split('?', 1)[0] ?? '').slice(0, SHOWN));
    return forbidden(`forbidden: token "${token}" cannot ${verb} path ${path}`);
  }
  const place =
    namespace === EVERYWHERE
      ? 'at the cluster scope'
      : `in the namespace ${JSON.stringify(namespace.slice(0, SHOWN))}`;
  return forbiddenObject(
    { group: rule.group, resource, name: refused.name.slice(0, SHOWN) },
    `token "${token}" cannot ${verb} resource "${resource}" in API group "${rule.group}" ${place}`,
  );
}

/** 403 for one object, or for all of a resource when the name is empty. */
export function forbiddenObject(
  target: { readonly group: string; readonly resource: string; readonly name: string },
  reason: string,
): Status {
  const { group, resource, name } = target;
  const qualified = group === '' ? resource : `${resource}.${group}`;
  const subject = name === '' ? qualified : `${qualified} ${JSON.stringify(name)}`;
  return {
    ...forbidden(`${subject} is forbidden: ${reason}`),
    details: { ...(name !== '' && { name }), ...(group !== '' && { group }), kind: resource },
  };
}
