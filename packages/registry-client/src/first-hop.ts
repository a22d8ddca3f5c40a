import type { Grant, Visit } from './authorization/authorizer.ts';
import type { CoolDownRule } from './cool-down.ts';
import type { RegistryRequest } from './registry-exchange.ts';
import type { HttpRequest } from './transport/transport.ts';

export interface FirstHopParts {
  readonly userAgent: string;
  readonly coolDowns: CoolDownRule;
}

/** The request as it goes to the registry itself, before any redirect. */
export function firstHop(
  request: RegistryRequest,
  { mode, traits, credential }: Visit,
  { authorization }: Grant,
  { userAgent, coolDowns }: FirstHopParts,
): HttpRequest {
  const { target, method, path, accept, bodyLimit, subject, receive, range } = request;
  const headers: Record<string, string> = {
    accept,
    'accept-encoding': 'identity',
    'user-agent': userAgent,
  };
  if (authorization !== undefined) headers['authorization'] = authorization;
  if (range !== undefined) headers['range'] = range;
  return {
    mode,
    authority: target.endpoint,
    reach: 'named',
    method,
    path,
    headers,
    bodyLimit,
    lastOnConnection: method === 'HEAD' && traits.closesAfterHead,
    mayStart: coolDowns.guard(target.registry, subject, credential),
    receive,
  };
}
