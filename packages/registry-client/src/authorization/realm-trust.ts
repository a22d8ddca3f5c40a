import { isIP } from 'node:net';
import type { RepositoryTarget } from '../repository-target.ts';

/** Token services on another domain than their registry. */
const PINNED: Readonly<Record<string, string>> = { 'docker.io': 'auth.docker.io' };

/** Second-level labels under which countries register names: `example.co.uk`. */
const COUNTRY_CATEGORIES: ReadonlySet<string> = new Set([
  ...['ac', 'co', 'com', 'edu', 'gen', 'go', 'gob', 'gov', 'mil', 'ne', 'net', 'nom', 'or', 'org'],
]);
const COUNTRY_CODE_LENGTH = 2;

/** Domains whose names belong to unrelated customers. */
const PROVIDER_DOMAINS: ReadonlySet<string> = new Set([
  'amazonaws.com',
  'appspot.com',
  'azurecr.io',
  'azurewebsites.net',
  'cloudfront.net',
  'fly.dev',
  'github.io',
  'gitlab.io',
  'herokuapp.com',
  'ngrok.io',
  'nip.io',
  'pages.dev',
  'pkg.dev',
  'run.app',
  'sslip.io',
  'vercel.app',
  'workers.dev',
]);

/**
 * Whether the registry's credentials may go to its token service: on the same host, on the same registered domain, or
 * pinned. Any other realm is asked anonymously (CVE-2026-33540: realms that collect credentials). Without the public
 * suffix list a domain is its last two labels, or three below `co.uk` and the like; where that is in doubt, the answer
 * is no.
 */
export function isTrustedRealm({ registry, endpoint }: RepositoryTarget, realm: URL): boolean {
  if (PINNED[registry] === realm.host) return true;
  const host = URL.parse(`https://${endpoint}`)?.hostname ?? '';
  if (host === realm.hostname) return true;
  const domain = registeredDomain(host);
  return domain !== undefined && domain === registeredDomain(realm.hostname);
}

/** Undefined for addresses, single labels and names that customers of one provider share. */
function registeredDomain(host: string): string | undefined {
  if (isIP(host) !== 0 || host.startsWith('[')) return undefined;
  const labels = host.split('.');
  const [category = '', country = ''] = labels.slice(-2);
  const below = country.length === COUNTRY_CODE_LENGTH && COUNTRY_CATEGORIES.has(category) ? 3 : 2;
  if (labels.length < below) return undefined;
  const domain = labels.slice(-below).join('.');
  return PROVIDER_DOMAINS.has(domain) ? undefined : domain;
}
