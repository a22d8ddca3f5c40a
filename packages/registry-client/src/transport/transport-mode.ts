/** How a host is spoken to: TLS with a verified certificate, TLS with any certificate, or plain HTTP. */
export type TransportMode = 'verified' | 'unverified' | 'plain';

/** `authority` is `host` or `host:port`. */
export function originOf(mode: TransportMode, authority: string): string {
  return `${mode === 'plain' ? 'http' : 'https'}://${authority}`;
}

/**
 * The mode for another host that the registry sends us to. Unverified TLS is granted only where `trusting` says that the
 * tag's `insecure` reaches that far; what a verified registry names must be verified.
 */
export function modeFor(url: URL, registry: TransportMode, trusting: boolean): TransportMode {
  if (url.protocol === 'http:') return 'plain';
  return registry !== 'verified' && trusting ? 'unverified' : 'verified';
}
