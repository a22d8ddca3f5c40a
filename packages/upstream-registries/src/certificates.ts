import { createPrivateKey, X509Certificate } from 'node:crypto';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isRegistryHost } from '@tagtrail/image-reference';
import type { TlsMaterial, TlsSource } from '@tagtrail/registry-client';

export interface CertificateSettings {
  /** The setting `registries.caFile`. */
  readonly caFile?: string | undefined;
  /** The setting `registries.certificatesFolder`. */
  readonly certificatesFolder?: string | undefined;
}

/** Largest file read: all authorities of a system have some 200 KiB. */
const MAX_FILE_BYTES = 1024 * 1024;
/** Folders of registries; more than one worker ever asks. */
const MAX_FOLDERS = 1_000;
/** Files of one registry: authorities that follow each other, and one pair. */
const MAX_FILES = 64;

const SECURE_PORT = /:443$/;

/**
 * The certificates that the operator has laid out: authorities for all registries, and a folder for each registry that
 * needs its own, as Docker has them in `certs.d`. Undefined when there are none.
 * @throws Error for people, naming the file and what is wrong with it, and nothing of a key
 */
export async function readCertificates({
  caFile,
  certificatesFolder,
}: CertificateSettings): Promise<TlsSource | undefined> {
  if (caFile === undefined && certificatesFolder === undefined) return undefined;
  const ca = caFile === undefined ? [] : await readAuthorities('registries.caFile', caFile);
  const everywhere = ca.length === 0 ? undefined : { ca };
  const hosts = new Map<string, TlsMaterial>();
  for (const host of await listFolders(certificatesFolder)) {
    const folder = join(certificatesFolder ?? '', host);
    if (!isRegistryHost(host)) throw problem(folder, 'is not named by a host or host:port');
    hosts.set(placeOf(host), await readFolder(folder, ca));
  }
  return (authority) => hosts.get(placeOf(authority)) ?? everywhere;
}

/** One name for a host at the port that goes without saying. */
function placeOf(authority: string): string {
  return authority.toLowerCase().replace(SECURE_PORT, '');
}

async function listFolders(folder: string | undefined): Promise<readonly string[]> {
  return folder === undefined ? [] : listNames(folder, MAX_FOLDERS);
}

async function readFolder(folder: string, everywhere: readonly string[]): Promise<TlsMaterial> {
  const names = await listNames(folder, MAX_FILES);
  const authorities: string[] = [];
  const pairs: string[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const [, stem = '', kind] = /^(.+)\.(crt|cert|key)$/.exec(name) ?? [];
    if (kind === undefined) throw problem(path, 'ends with none of .crt, .cert and .key');
    if (kind === 'crt') authorities.push(...(await readAuthorities(SETTING, path)));
    if (kind === 'cert') pairs.push(stem);
    if (kind === 'key' && !names.includes(`${stem}.cert`)) {
      throw problem(path, `has no certificate ${stem}.cert beside it`);
    }
  }
  const [stem, second] = pairs;
  if (second !== undefined) throw problem(folder, 'has more than one .cert: one can be shown');
  const ca = authorities.length === 0 ? everywhere : [...everywhere, ...authorities];
  return {
    ...(ca.length > 0 && { ca }),
    ...(stem !== undefined && { client: await readPair(join(folder, stem)) }),
  };
}

async function readPair(stem: string): Promise<{ readonly cert: string; readonly key: string }> {
  const [cert, key] = [`${stem}.cert`, `${stem}.key`];
  const pair = { cert: await readText(SETTING, cert), key: await readText(SETTING, key) };
  const [first] = certificatesIn(pair.cert);
  if (first === undefined) throw problem(cert, NO_CERTIFICATE);
  if (!isKeyOf(first, pair.key, key)) throw problem(key, `does not belong to ${cert}`);
  return pair;
}

function isKeyOf(certificate: string, key: string, path: string): boolean {
  let parsed: ReturnType<typeof createPrivateKey>;
  try {
    parsed = createPrivateKey(key);
  } catch {
    // OpenSSL's words are about its parser, and must not hold any of the key.
    throw problem(path, 'is no private key in PEM without a passphrase');
  }
  return new X509Certificate(certificate).checkPrivateKey(parsed);
}

const SETTING = 'registries.certificatesFolder';
const NO_CERTIFICATE = 'holds no certificate in PEM that can be read';

async function readAuthorities(setting: string, path: string): Promise<readonly string[]> {
  const found = certificatesIn(await readText(setting, path));
  if (found.length === 0) throw problem(path, NO_CERTIFICATE, setting);
  return found;
}

const BEGIN = '-----BEGIN CERTIFICATE-----';
const END = '-----END CERTIFICATE-----';

/** The certificates of a text, each by itself; none when one of them cannot be read. */
function certificatesIn(text: string): readonly string[] {
  const parts = text.split(END).slice(0, -1);
  const found = parts.map((part) => `${part.slice(part.lastIndexOf(BEGIN))}${END}\n`);
  return found.every(isCertificate) ? found : [];
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    // The caller says which file it is.
    return false;
  }
}

/** Sorted, without what begins with a dot, which is how Kubernetes keeps house in mounted volumes. */
async function listNames(folder: string, limit: number): Promise<readonly string[]> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    throw problem(folder, `cannot be listed: ${codeOf(cause)}`);
  }
  const shown = names.filter((name) => !name.startsWith('.')).sort();
  if (shown.length > limit) throw problem(folder, `has more than ${limit} entries`);
  return shown;
}

async function readText(setting: string, path: string): Promise<string> {
  const bytes = Buffer.alloc(MAX_FILE_BYTES + 1);
  let length = 0;
  try {
    const file = await open(path);
    try {
      for (let read = -1; read !== 0 && length < bytes.length; length += read) {
        ({ bytesRead: read } = await file.read(bytes, length, bytes.length - length));
      }
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw problem(path, `cannot be read: ${codeOf(cause)}`, setting);
  }
  if (length > MAX_FILE_BYTES) {
    throw problem(path, `is larger than ${MAX_FILE_BYTES} bytes`, setting);
  }
  return bytes.toString('utf8', 0, length);
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
}

function problem(path: string, what: string, setting = SETTING): Error {
  return new Error(`${setting} ${path} ${what}`);
}
