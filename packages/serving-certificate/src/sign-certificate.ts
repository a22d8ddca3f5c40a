import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  bitString,
  boolean,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  time,
  unsignedInteger,
  utf8String,
  wrapped,
} from './der.ts';

const OID = {
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
} as const;

/** The organisation in every name. */
export const ORGANIZATION = 'Tagtrail';
/** X.509 version 3, the one with extensions, is written as 2. */
const VERSION_3 = 2;
/** Bytes of a serial number, out of the 20 that are allowed; random, so that no two certificates of an issuer share one. */
const SERIAL_BYTES = 16;
/** Bytes of a key identifier, as in most certificates. */
const KEY_IDENTIFIER_BYTES = 20;
/** Characters in a line of PEM. Source: RFC 7468 §2. */
const PEM_LINE = 64;

export interface Extension {
  readonly identifier: string;
  /** A reader that does not know the extension must refuse the certificate. */
  readonly critical: boolean;
  readonly value: Buffer;
}

export interface CertificateContents {
  /** Common names; the organisation is always ours. */
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  /** ms since the epoch. */
  readonly validFrom: number;
  readonly validTo: number;
  readonly extensions: readonly Extension[];
}

/** Signs a certificate with the issuer's P-256 key; answers PEM. Source: RFC 5280 §4.1. */
export function signCertificate(contents: CertificateContents, signingKey: KeyObject): string {
  const algorithm = sequence(objectIdentifier(OID.ecdsaWithSha256));
  const signed = sequence(
    wrapped(0, unsignedInteger(Buffer.of(VERSION_3))),
    unsignedInteger(serialNumber()),
    algorithm,
    nameOf(contents.issuer),
    sequence(time(contents.validFrom), time(contents.validTo)),
    nameOf(contents.subject),
    publicKeyBytes(contents.publicKey),
    wrapped(3, sequence(...contents.extensions.map(encodeExtension))),
  );
  const signature = sign('sha256', signed, signingKey);
  return pemOf(sequence(signed, algorithm, bitString(signature)));
}

/** What the extensions about keys call a key. Source: RFC 7093 §2, method 4, shortened. */
export function keyIdentifier(publicKey: KeyObject): Buffer {
  const digest = createHash('sha256').update(publicKeyBytes(publicKey)).digest();
  return digest.subarray(0, KEY_IDENTIFIER_BYTES);
}

/** Neither zero nor negative, which some readers refuse. */
function serialNumber(): Buffer {
  const bytes = randomBytes(SERIAL_BYTES);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40);
  return bytes;
}

function nameOf(commonName: string): Buffer {
  const part = (identifier: string, value: string) =>
    setOf(sequence(objectIdentifier(identifier), utf8String(value)));
  return sequence(part(OID.organization, ORGANIZATION), part(OID.commonName, commonName));
}

function encodeExtension({ identifier, critical, value }: Extension): Buffer {
  const mark = critical ? [boolean(true)] : [];
  return sequence(objectIdentifier(identifier), ...mark, octetString(value));
}

function publicKeyBytes(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' });
}

function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(new RegExp(`.{1,${PEM_LINE}}`, 'g')) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
