import { isIP } from 'node:net';
import { ServingCertificateError } from './serving-certificate-error.ts';

/** Names in one certificate at most: it is sent whole in every handshake. */
const MAX_HOSTS = 100;
/** Characters of a DNS name. Source: RFC 1035 §2.3.4. */
const MAX_NAME = 253;
/** A part of a DNS name. Underscores are no host names, but compose files give such names to services. */
const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;
const IPV6_GROUPS = 8;

/** What a certificate is for: a DNS name in lower case, or an IP address as its bytes, in the order of the network. */
export type CertifiedHost =
  | { readonly kind: 'dns'; readonly name: string }
  | { readonly kind: 'ip'; readonly name: string; readonly bytes: Buffer };

/** Reads host names, each once. Throws ServingCertificateError `invalid-host`. */
export function parseHosts(hosts: readonly string[]): readonly CertifiedHost[] {
  const known = new Map<string, CertifiedHost>();
  for (const host of hosts.map(parseHost)) known.set(keyOf(host), host);
  if (known.size === 0) throw invalid('a certificate needs at least one host name');
  if (known.size > MAX_HOSTS) throw invalid(`a certificate has at most ${MAX_HOSTS} host names`);
  return [...known.values()];
}

function parseHost(text: string): CertifiedHost {
  const version = text.includes('%') ? 0 : isIP(text);
  if (version === 4) return { kind: 'ip', name: text, bytes: ipv4Bytes(text) };
  if (version === 6) return { kind: 'ip', name: text, bytes: ipv6Bytes(text) };
  const name = text.toLowerCase();
  const isName = name.length <= MAX_NAME && name.split('.').every((label) => LABEL.test(label));
  if (isName) return { kind: 'dns', name };
  throw invalid(`${JSON.stringify(text.slice(0, MAX_NAME))} is no DNS name and no IP address`);
}

function keyOf(host: CertifiedHost): string {
  return host.kind === 'dns' ? host.name : host.bytes.toString('hex');
}

function ipv4Bytes(text: string): Buffer {
  return Buffer.from(text.split('.').map(Number));
}

/** `::` stands for as many zero groups as are missing; the last two groups may be written as an IPv4 address. */
function ipv6Bytes(text: string): Buffer {
  const [head = [], tail] = text.split('::').map(groupsOf);
  const missing = tail === undefined ? 0 : IPV6_GROUPS - head.length - tail.length;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...(tail ?? [])];
  return Buffer.from(groups.flatMap((group) => [group >>> 8, group & 0xff]));
}

function groupsOf(text: string): readonly number[] {
  return text
    .split(':')
    .filter((group) => group !== '')
    .flatMap((group) => {
      if (!group.includes('.')) return [Number.parseInt(group, 16)];
      const bytes = ipv4Bytes(group);
      return [bytes.readUInt16BE(0), bytes.readUInt16BE(2)];
    });
}

function invalid(message: string): ServingCertificateError {
  return new ServingCertificateError('invalid-host', message);
}
