import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { bitString, element, oid, sequence, TAG, utcTime } from './der.ts';

/** What is wrong with a certificate; `selfSigned` is in order but for that. */
export type CertificateTrouble = 'selfSigned' | 'expired' | 'otherHost' | 'incompleteChain';

export const CERTIFICATE_TROUBLES: readonly CertificateTrouble[] = [
  'selfSigned',
  'expired',
  'otherHost',
  'incompleteChain',
];

/** PEM, as Node's TLS takes it. */
export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const COMMON_NAME = '2.5.4.3';
const SUBJECT_ALT_NAME = '2.5.29.17';
const VERSION_3 = element(TAG.context0, element(TAG.integer, Buffer.from([2])));
const LOOPBACK = Buffer.from([127, 0, 0, 1]);
const DAY_MS = 24 * 60 * 60 * 1000;

/** A new certificate for this machine with something wrong about it, and its key. RFC 5280. */
export function buildCertificate(trouble: CertificateTrouble, now: number): ServerCertificate {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  // Of a chain without its middle the client sees a signature by somebody it never heard of.
  const signer =
    trouble === 'incompleteChain' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : own;
  const until = trouble === 'expired' ? now - DAY_MS : now + DAY_MS;
  const content = sequence(
    VERSION_3,
    element(TAG.integer, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    nameOf(trouble === 'incompleteChain' ? 'simulated authority' : 'registry simulator'),
    sequence(utcTime(now - 2 * DAY_MS), utcTime(until)),
    nameOf('registry simulator'),
    own.publicKey.export({ type: 'spki', format: 'der' }),
    element(TAG.context3, sequence(alternativeNames(trouble))),
  );
  const signature = bitString(sign('sha256', content, signer.privateKey));
  return {
    key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: toPem(sequence(content, ECDSA_WITH_SHA256, signature)),
  };
}

function nameOf(commonName: string): Buffer {
  const text = element(TAG.utf8, Buffer.from(commonName));
  return sequence(element(TAG.set, sequence(oid(COMMON_NAME), text)));
}

function alternativeNames(trouble: CertificateTrouble): Buffer {
  const names =
    trouble === 'otherHost'
      ? [element(TAG.dnsName, Buffer.from('elsewhere.invalid'))]
      : [element(TAG.dnsName, Buffer.from('localhost')), element(TAG.ipAddress, LOOPBACK)];
  return sequence(oid(SUBJECT_ALT_NAME), element(TAG.octetString, sequence(...names)));
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
