import { parseImageReference, resolveReference } from '@tagtrail/image-reference';

/** Registries that are named; more of them make no better advice. */
const NAMED_HOSTS = 3;

/**
 * What follows for consumers when images of these pull specs are imported insecurely and pulled from where they come:
 * Tagtrail trusts the registry, they do not. Undefined without any. Source: OpenShift, insecure registries and
 * reference policies.
 */
export function insecureSourceNote(pullSpecs: readonly string[]): string | undefined {
  const hosts = [...new Set(pullSpecs.flatMap(registryOf))];
  if (hosts.length === 0) return undefined;
  const named = hosts.slice(0, NAMED_HOSTS).join(', ');
  const more = hosts.length > NAMED_HOSTS ? ` and ${hosts.length - NAMED_HOSTS} more` : '';
  return `note: only the import trusts ${named}${more} without verified TLS: clients that pull from there must trust it themselves; --reference-policy=local spares them that only where Tagtrail has a registry to serve from (setting api.registryHostname)`;
}

/** None of a text that is no pull spec: the server says what is wrong with it. */
function registryOf(pullSpec: string): readonly string[] {
  const parsed = parseImageReference(pullSpec);
  return parsed.ok ? [resolveReference(parsed.reference).registry] : [];
}
