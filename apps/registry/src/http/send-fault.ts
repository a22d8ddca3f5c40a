import type { ServerResponse } from 'node:http';
import type { RegistryFault } from '../registry-fault.ts';

/** Bytes of a warning; clients print it whole. */
const WARNING_LENGTH = 1_024;

/**
 * Answers with an error as the distribution-spec has it. HEAD has no body: the reason goes into `Warning`, which podman
 * and skopeo print. Source: distribution-spec, "Error Codes" and "Warnings".
 */
export function sendFault(
  { response, isHead }: { readonly response: ServerResponse; readonly isHead: boolean },
  { code, message, status, headers }: RegistryFault,
): void {
  const body = Buffer.from(JSON.stringify({ errors: [{ code, message: plain(message) }] }));
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    ...headers,
    ...(isHead && { warning: warning(message) }),
  });
  if (isHead) response.end();
  else response.end(body);
}

/** A warning as RFC 7234 §5.5 writes it: code 299, no agent, quoted text. */
export function warning(text: string): string {
  return `299 - "${plain(text).replace(/["\\]/g, "'").slice(0, WARNING_LENGTH)}"`;
}

/** Registries' words are in some messages: nothing in them may act on a terminal or a header. */
function plain(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
