// The library's container of algorithms needs the Reflect metadata API before it is loaded.
import 'reflect-metadata';
import { createHash, type KeyObject, randomBytes } from 'node:crypto';
import { type Extension, X509CertificateGenerator } from '@peculiar/x509';

/** The organisation in every name. */
export const ORGANIZATION = 'Tagtrail';
/** Bytes of a serial number, out of the 20 that are allowed; random, so that no two certificates of an issuer share one. */
const SERIAL_BYTES = 16;
/** Bytes of a key identifier, as in most certificates. */
const KEY_IDENTIFIER_BYTES = 20;
const EC_KEY = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;

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

/** Signs a certificate with the issuer's P-256 key; answers PEM with a line feed at its end. Source: RFC 5280 §4.1. */
export async function signCertificate(
  contents: CertificateContents,
  signingKey: KeyObject,
): Promise<string> {
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: nameOf(contents.subject),
    issuer: nameOf(contents.issuer),
    notBefore: new Date(contents.validFrom),
    notAfter: new Date(contents.validTo),
    publicKey: contents.publicKey.toCryptoKey(EC_KEY, true, ['verify']),
    signingKey: signingKey.toCryptoKey(EC_KEY, true, ['sign']),
    signingAlgorithm: SIGNATURE,
    extensions: [...contents.extensions],
  });
  return `${certificate.toString('pem').trim()}\n`;
}

/** What the extensions about keys call a key. Source: RFC 7093 §2, method 4, shortened. */
export function keyIdentifier(publicKey: KeyObject): Buffer {
  const bytes = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(bytes).digest().subarray(0, KEY_IDENTIFIER_BYTES);
}

/** Neither zero nor negative, which some readers refuse; as hexadecimal digits. */
function serialNumber(): string {
  const bytes = randomBytes(SERIAL_BYTES);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40);
  return bytes.toString('hex');
}

function nameOf(commonName: string) {
  return [{ O: [ORGANIZATION] }, { CN: [commonName] }];
}
