import type { HostLessons } from '@tagtrail/registry-ledger';

/** It is known from the program's text, and gives way to the first thing that the host itself says. */
const UNTIL_IT_SAYS = Number.MAX_SAFE_INTEGER;

/**
 * What public registries answer to a first request that shows nothing, by endpoint: a worker that has never met one saves
 * that request. Whatever is wrong in here costs one request and is learned anew.
 */
export const WELL_KNOWN_REGISTRIES: Readonly<Record<string, HostLessons>> = {
  'registry-1.docker.io': bearer('https://auth.docker.io/token', 'registry.docker.io'),
  'ghcr.io': bearer('https://ghcr.io/token', 'ghcr.io'),
  'quay.io': bearer('https://quay.io/v2/auth', 'quay.io'),
  'gcr.io': bearer('https://gcr.io/v2/token', 'gcr.io'),
  'public.ecr.aws': bearer('https://public.ecr.aws/token/', 'public.ecr.aws'),
  'registry.gitlab.com': bearer('https://gitlab.com/jwt/auth', 'container_registry'),
};

function bearer(realm: string, service: string): HostLessons {
  return { challenge: { scheme: 'bearer', realm, service, until: UNTIL_IT_SAYS } };
}
