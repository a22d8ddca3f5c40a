import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import type { Destination } from './address-policy.ts';

/** What belongs to TLS with some hosts; texts in PEM. */
export interface TlsMaterial {
  /** Certificates of authorities that are trusted besides those that Node trusts. */
  readonly ca?: readonly string[];
  /** Shown to whoever asks who we are, with its key. */
  readonly client?: { readonly cert: string; readonly key: string };
}

/** What belongs to TLS with `host` or `host:port`. The same material is the same object in every answer. */
export type TlsSource = (authority: string) => TlsMaterial | undefined;

/**
 * Makes what Node needs of certificates, once for all connections that use the same: reading the authorities of the
 * system takes some 10 ms.
 */
export class SecureContexts {
  readonly #source: TlsSource;
  readonly #full = new WeakMap<TlsMaterial, SecureContext>();
  readonly #anonymous = new WeakMap<TlsMaterial, SecureContext>();

  constructor(source: TlsSource = () => undefined) {
    this.#source = source;
  }

  /** Undefined where Node's own will do. Who we are is told only to hosts that a definition names. */
  of({ authority, reach }: Destination): SecureContext | undefined {
    const material = this.#source(authority);
    if (material === undefined) return undefined;
    const { ca, client } = material;
    if (client === undefined || reach === 'named') {
      return remembered(this.#full, material, () => contextOf(material));
    }
    if (ca === undefined) return undefined;
    return remembered(this.#anonymous, material, () => contextOf({ ca }));
  }
}

/** Throws what OpenSSL says of certificates and keys that it cannot use. */
export function contextOf({ ca, client }: TlsMaterial): SecureContext {
  return createSecureContext({
    // Node takes them in place of its own.
    ...(ca !== undefined && { ca: [...getCACertificates('default'), ...ca] }),
    ...client,
  });
}

function remembered(
  known: WeakMap<TlsMaterial, SecureContext>,
  material: TlsMaterial,
  create: () => SecureContext,
): SecureContext {
  const context = known.get(material) ?? create();
  known.set(material, context);
  return context;
}
