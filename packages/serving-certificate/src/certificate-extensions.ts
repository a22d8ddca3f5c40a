import type { KeyObject } from 'node:crypto';
import type { CertifiedHost } from './certified-host.ts';
import {
  boolean,
  namedBits,
  objectIdentifier,
  octetString,
  sequence,
  tagged,
  unsignedInteger,
} from './der.ts';
import { type Extension, keyIdentifier } from './sign-certificate.ts';

const OID = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuthentication: '1.3.6.1.5.5.7.3.1',
} as const;

/** Bits of the key usage. Source: RFC 5280 §4.2.1.3. */
const USAGE = { digitalSignature: 0, keyCertSign: 5, cRLSign: 6 } as const;
/** Numbers of the kinds of a subject's other names. Source: RFC 5280 §4.2.1.6. */
const ALTERNATIVE = { dns: 2, ip: 7 } as const;

/** An authority that signs servers' certificates and no further authorities. */
export function authorityExtensions(publicKey: KeyObject): readonly Extension[] {
  const noFurtherAuthorities = unsignedInteger(Buffer.of(0));
  return [
    extension('basicConstraints', sequence(boolean(true), noFurtherAuthorities), true),
    extension('keyUsage', namedBits(USAGE.keyCertSign, USAGE.cRLSign), true),
    extension('subjectKeyIdentifier', octetString(keyIdentifier(publicKey))),
  ];
}

export interface ServerExtensionParts {
  readonly publicKey: KeyObject;
  readonly authorityKey: KeyObject;
  readonly hosts: readonly CertifiedHost[];
}

/** A server under these names and addresses, and nothing else. */
export function serverExtensions(parts: ServerExtensionParts): readonly Extension[] {
  const { publicKey, authorityKey, hosts } = parts;
  return [
    extension('basicConstraints', sequence(), true),
    extension('keyUsage', namedBits(USAGE.digitalSignature), true),
    extension('extendedKeyUsage', sequence(objectIdentifier(OID.serverAuthentication))),
    extension('subjectAlternativeName', sequence(...hosts.map(alternativeName))),
    extension('subjectKeyIdentifier', octetString(keyIdentifier(publicKey))),
    extension('authorityKeyIdentifier', sequence(tagged(0, keyIdentifier(authorityKey)))),
  ];
}

function alternativeName(host: CertifiedHost): Buffer {
  return host.kind === 'dns'
    ? tagged(ALTERNATIVE.dns, Buffer.from(host.name, 'ascii'))
    : tagged(ALTERNATIVE.ip, host.bytes);
}

function extension(name: keyof typeof OID, value: Buffer, critical = false): Extension {
  return { identifier: OID[name], critical, value };
}
