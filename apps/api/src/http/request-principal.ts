import type { Principal } from '@tagtrail/access-control';
import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | undefined;
  }
}

/** Gives every request a place for who asks. */
export function rememberPrincipals(app: FastifyInstance): void {
  app.decorateRequest('principal', undefined);
}

/** Who asks, on a path that is not open to everybody. */
export function principalOf({ principal, url }: FastifyRequest): Principal {
  if (principal !== undefined) return principal;
  throw new Error(`nobody was authenticated for ${url.split('?', 1)[0]}`);
}
