import { isIP } from 'node:net';
import type { ProxyServer, ProxySource } from '@tagtrail/registry-client';
import { createExceptions } from './proxy-exceptions.ts';

export interface ProxySettings {
  /** The setting `registries.httpsProxy`. */
  readonly httpsProxy?: string | undefined;
  /** The setting `registries.httpProxy`. */
  readonly httpProxy?: string | undefined;
  /** The setting `registries.noProxy`. */
  readonly noProxy?: readonly string[] | undefined;
}

/** Which proxy stands before a registry. This machine is reached without one. Source: Go, `ProxyFromEnvironment`. */
export function createProxySource(settings: ProxySettings): ProxySource {
  const secure = serverOf(settings.httpsProxy);
  const plain = serverOf(settings.httpProxy);
  const isException = createExceptions(settings.noProxy ?? []);
  return (origin) => {
    const url = new URL(origin);
    const isSecure = url.protocol === 'https:';
    const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
    if (isThisMachine(host)) return undefined;
    const port = url.port || (isSecure ? '443' : '80');
    if (isException({ host, port })) return undefined;
    return isSecure ? secure : plain;
  };
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function serverOf(text: string | undefined): ProxyServer | undefined {
  const url = text === undefined ? null : URL.parse(text);
  if (url === null) return undefined;
  const origin = `${url.protocol}//${url.host}`;
  if (url.username === '' && url.password === '') return { origin };
  const pair = `${decoded(url.username)}:${decoded(url.password)}`;
  return { origin, authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** A password with a lone `%` is taken as it is written. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A URIError quotes nothing and helps nobody.
    return text;
  }
}
