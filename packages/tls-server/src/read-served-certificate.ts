import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { text } from 'node:stream/consumers';
import { createSecureContext } from 'node:tls';
import { CertificateError, unreadable } from './certificate-error.ts';
import { createServedCertificate, type ServedCertificate } from './served-certificate.ts';

/** Bytes of a file; a chain of several certificates has about ten thousand. */
const FILE_LIMIT = 256 * 1024;

export interface CertificateSettings {
  readonly certificateFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

/**
 * Reads the certificate and the key that the settings name; undefined when they name none. Throws CertificateError when
 * no client could be answered with them; whether a client trusts them, and whether they are still valid, is its matter.
 * `section` holds the settings: errors name them with it.
 */
export async function readServedCertificate(
  settings: CertificateSettings,
  section: string,
): Promise<ServedCertificate | undefined> {
  const { certificateFile, keyFile } = settings;
  if (certificateFile === undefined || keyFile === undefined) return undefined;
  const files = {
    certificate: `${certificateFile} (${section}.certificateFile)`,
    key: `${keyFile} (${section}.keyFile)`,
  };
  const cert = await readText(certificateFile, files.certificate);
  const key = await readText(keyFile, files.key);
  const certificate = parseCertificate(cert, files.certificate);
  if (!certificate.checkPrivateKey(parseKey(key, files.key))) {
    throw new CertificateError(`${files.key} is not the key of ${files.certificate}`);
  }
  tryServing({ cert, key }, files.certificate);
  return createServedCertificate(cert, key);
}

async function readText(path: string, file: string): Promise<string> {
  let content: string;
  try {
    content = await text(createReadStream(path, { end: FILE_LIMIT }));
  } catch (error) {
    throw unreadable(file, error);
  }
  if (content.length <= FILE_LIMIT) return content;
  throw new CertificateError(`${file} has more than ${FILE_LIMIT} bytes`);
}

function parseCertificate(pem: string, file: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new CertificateError(`${file} does not begin with a certificate in PEM`, { cause });
  }
}

function parseKey(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    const isLocked = pem.includes('ENCRYPTED');
    const reason = isLocked
      ? 'is encrypted; take its passphrase off'
      : 'holds no private key in PEM';
    throw new CertificateError(`${file} ${reason}`, { cause });
  }
}

/** OpenSSL refuses what is too weak, and intermediate certificates that are damaged. */
function tryServing(pair: { readonly cert: string; readonly key: string }, file: string): void {
  try {
    createSecureContext(pair);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CertificateError(`${file} cannot be served: ${reason}`, { cause });
  }
}
