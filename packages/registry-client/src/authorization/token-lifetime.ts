import type { TokenEvent } from '../observation/registry-event.ts';

/**
 * Shortest life believed. What is said to end sooner is a mistake (the specification asks for a minute at least), and is
 * used until the registry refuses it.
 */
const SHORTEST = 5 * 1000;
const DOUBTED = 60 * 1000;
/** Longest life believed: a revoked permission shows within the hour. */
const LONGEST = 60 * 60 * 1000;
/** An opaque token of unknown life is good until a 401 says otherwise, and is renewed after this time. */
const OPAQUE = 5 * 60 * 1000;
const JWT_PARTS = 3;

/** How long a token is used, and how that is known. */
export type TokenLifetime = Pick<TokenEvent, 'lifetime' | 'lifetimeFrom'>;

/**
 * How long a token lives. `expires_in` counts; without it (Quay) the claims of a JWT are a hint, read without
 * verification because the registry, not we, judges the token.
 */
export function tokenLifetime(token: string, expiresIn: unknown): TokenLifetime {
  if (typeof expiresIn === 'number' && Number.isFinite(expiresIn)) {
    return { lifetime: clamp(expiresIn), lifetimeFrom: 'reply' };
  }
  const { exp, iat } = readClaims(token) ?? {};
  return typeof exp === 'number' && typeof iat === 'number'
    ? { lifetime: clamp(exp - iat), lifetimeFrom: 'claims' }
    : { lifetime: OPAQUE, lifetimeFrom: 'assumed' };
}

/** Whether the token tells about itself; an opaque one means something to its issuer alone. */
export function tokenForm(token: string): TokenEvent['form'] {
  return readClaims(token) === undefined ? 'opaque' : 'jwt';
}

function clamp(seconds: number): number {
  const said = seconds * 1_000;
  return said < SHORTEST ? DOUBTED : Math.min(said, LONGEST);
}

function readClaims(token: string): { exp?: unknown; iat?: unknown } | undefined {
  const parts = token.split('.');
  if (parts.length !== JWT_PARTS) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? claims : undefined;
  } catch {
    // Three parts, but no JWT: an opaque token.
    return undefined;
  }
}
