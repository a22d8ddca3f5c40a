import 'reflect-metadata';
import type { KeyObject } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
} from '@peculiar/x509';
import type { CertifiedHost } from './certified-host.ts';
import { keyIdentifier } from './sign-certificate.ts';

/** How many authorities may stand below ours: none. */
const NO_FURTHER_AUTHORITIES = 0;

/** An authority that signs servers' certificates and no further authorities. */
export function authorityExtensions(publicKey: KeyObject): readonly Extension[] {
  return [
    new BasicConstraintsExtension(true, NO_FURTHER_AUTHORITIES, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    new SubjectKeyIdentifierExtension(identifierText(publicKey)),
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
  const names = hosts.map(({ kind, name }) => ({ type: kind, value: name }));
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(names),
    new SubjectKeyIdentifierExtension(identifierText(publicKey)),
    new AuthorityKeyIdentifierExtension(identifierText(authorityKey)),
  ];
}

function identifierText(publicKey: KeyObject): string {
  return keyIdentifier(publicKey).toString('hex');
}
