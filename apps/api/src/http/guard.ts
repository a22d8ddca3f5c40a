import { forbidden, unauthorized } from '@tagtrail/apimachinery';
import type { FastifyRequest } from 'fastify';
import { StatusError } from '../status-error.ts';
import type { TokenRule } from './token-rule.ts';

/** Open to everybody: what a supervisor asks says nothing about the streams. */
const ALWAYS_OPEN: ReadonlySet<string> = new Set(['/healthz', '/readyz']);
/** Open to this machine: pages for people and scrapers that can't send a token. */
const LOCALLY_OPEN: ReadonlySet<string> = new Set([
  '/',
  '/moves',
  '/queue-metrics.json',
  '/metrics',
]);
/** What a proxy adds: the peer is then not who asks, however near it is. */
const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for', 'x-real-ip'];

export interface GuardRules {
  readonly token: TokenRule;
  /** Names, with or without a port, under which a proxy or another machine may address this server. */
  readonly allowedHosts: readonly string[];
}

/** Refuses requests that must not be answered, before their body is read. Throws StatusError. */
export function guardRequest(request: FastifyRequest, rules: GuardRules): void {
  const host = request.headers.host ?? '';
  if (!isKnownHost(host, request, rules.allowedHosts)) throw refuseHost(host);
  checkOrigin(request.headers.origin, host);
  checkToken(request, rules.token);
}

/**
 * A page of a foreign site whose name was rebound to this machine's address still sends its own name as Host.
 * Addresses of loopback can't be rebound, so their port does not matter (it differs behind a tunnel).
 */
function isKnownHost(host: string, request: FastifyRequest, allowed: readonly string[]): boolean {
  const authority = splitAuthority(host);
  if (authority === undefined) return false;
  const { name, port } = authority;
  if (name === 'localhost' || isLoopbackAddress(name)) return true;
  if (allowed.some((entry) => isSameHost(entry, authority))) return true;
  const { localAddress, localPort } = request.socket;
  return name === plainAddress(localAddress) && (port || '80') === String(localPort);
}

function isSameHost(entry: string, { name, port }: Authority): boolean {
  const wanted = splitAuthority(entry);
  return wanted?.name === name && (wanted.port === '' || wanted.port === port);
}

/** Browsers send Origin with everything that could change something; ours comes from our own page only. */
function checkOrigin(origin: string | undefined, host: string): void {
  if (origin === undefined || isSameOrigin(origin, host)) return;
  throw new StatusError(forbidden('requests from pages of other origins are not answered'));
}

function isSameOrigin(origin: string, host: string): boolean {
  const [scheme = '', authority = ''] = origin.split('://', 2);
  return (scheme === 'http' || scheme === 'https') && authority === host.toLowerCase();
}

function checkToken(request: FastifyRequest, token: TokenRule): void {
  const path = request.url.split('?', 1)[0] ?? '';
  if (ALWAYS_OPEN.has(path)) return;
  const { authorization } = request.headers;
  if (authorization === undefined && LOCALLY_OPEN.has(path) && isLocal(request)) return;
  if (!token.accepts(authorization)) throw new StatusError(unauthorized());
}

function isLocal({ socket, headers }: FastifyRequest): boolean {
  const isForwarded = FORWARDING_HEADERS.some((header) => headers[header] !== undefined);
  return !isForwarded && isLoopbackAddress(plainAddress(socket.remoteAddress));
}

interface Authority {
  readonly name: string;
  /** Empty when none is written. */
  readonly port: string;
}

function splitAuthority(text: string): Authority | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[^:@/\s[\]]+)(?::(\d{1,5}))?$/i.exec(text);
  if (match === null) return undefined;
  const [, name = '', port = ''] = match;
  return { name: name.replace(/^\[|\]$/g, '').toLowerCase(), port };
}

function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^127(\.\d{1,3}){3}$/.test(address);
}

/** IPv4 peers of a dual-stack socket are written as IPv6. */
function plainAddress(address: string | undefined): string {
  return (address ?? '').toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
}

function refuseHost(host: string): StatusError {
  const shown = JSON.stringify(host.slice(0, 100));
  const message = `this server does not answer to the host name ${shown}; if it should, add it to api.allowedHosts`;
  return new StatusError(forbidden(message));
}
