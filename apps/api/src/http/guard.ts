import { TLSSocket } from 'node:tls';
import type { Authenticator, Principal } from '@tagtrail/access-control';
import { forbidden, unauthorized } from '@tagtrail/apimachinery';
import type { ServedCertificate } from '@tagtrail/tls-server';
import type { FastifyRequest } from 'fastify';
import { StatusError } from '../status-error.ts';
import { bearerToken } from './bearer-token.ts';

/** Open to everybody: what a supervisor asks says nothing about the streams. */
const ALWAYS_OPEN: ReadonlySet<string> = new Set(['/healthz', '/readyz']);
/** Open to this machine: for people with a terminal, and scrapers that can't send a token. */
const LOCALLY_OPEN: ReadonlySet<string> = new Set(['/moves', '/queue-metrics.json', '/metrics']);
/**
 * The dashboard: a browser sends no token when it loads a page. The files are the same in every installation; what the
 * page shows, it asks the API for with the token that somebody gave it.
 */
const DASHBOARD = /^\/$|^\/assets\//;
/** What a proxy adds: the peer is then not who asks, however near it is. */
const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for', 'x-real-ip'];

export interface GuardRules {
  readonly authenticator: Authenticator;
  /** Names, with or without a port, under which a proxy or another machine may address this server. */
  readonly allowedHosts: readonly string[];
  /** Its hosts are allowed, too. */
  readonly certificate: Pick<ServedCertificate, 'covers'> | undefined;
  /** Whether other machines are answered over plain HTTP, where everybody on the way can read their token. */
  readonly plainHttpForAll: boolean;
}

/**
 * Refuses requests that must not be answered, before their body is read. Answers who asks; undefined on a path that is
 * open to whoever asked. Throws StatusError, and AccessControlError when nobody can say whose token it is.
 */
export async function guardRequest(
  request: FastifyRequest,
  rules: GuardRules,
): Promise<Principal | undefined> {
  const host = request.headers.host ?? '';
  checkTransport(request, rules);
  if (!isKnownHost(host, request, rules)) throw refuseHost(host);
  checkOrigin(request.headers.origin, host);
  return isOpen(request) ? undefined : authenticate(request, rules);
}

/** Before anything else: what a refused client says next should not travel in clear. */
function checkTransport(request: FastifyRequest, { plainHttpForAll }: GuardRules): void {
  if (plainHttpForAll || isEncrypted(request) || isFromLoopback(request)) return;
  if (ALWAYS_OPEN.has(pathOf(request))) return;
  const message =
    'other machines are answered over https only: a token sent over plain http can be read on its way; use https, or set api.allowPlainHttp';
  throw new StatusError(forbidden(message));
}

/**
 * A page of a foreign site whose name was rebound to this machine's address still sends its own name as Host.
 * Addresses of loopback can't be rebound, so their port does not matter (it differs behind a tunnel).
 */
function isKnownHost(host: string, request: FastifyRequest, rules: GuardRules): boolean {
  const authority = splitAuthority(host);
  if (authority === undefined) return false;
  const { name, port } = authority;
  if (name === 'localhost' || isLoopbackAddress(name)) return true;
  if (rules.allowedHosts.some((entry) => isSameHost(entry, authority))) return true;
  if (rules.certificate?.covers(name)) return true;
  const { localAddress, localPort } = request.socket;
  const defaultPort = isEncrypted(request) ? '443' : '80';
  return name === plainAddress(localAddress) && (port || defaultPort) === String(localPort);
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

function isOpen(request: FastifyRequest): boolean {
  const path = pathOf(request);
  if (ALWAYS_OPEN.has(path) || DASHBOARD.test(path)) return true;
  const { authorization } = request.headers;
  return authorization === undefined && LOCALLY_OPEN.has(path) && isLocal(request);
}

async function authenticate(
  { headers: { authorization } }: FastifyRequest,
  { authenticator }: GuardRules,
): Promise<Principal> {
  const token = bearerToken(authorization);
  const principal = token === undefined ? undefined : await authenticator.authenticate(token);
  if (principal === undefined) throw new StatusError(unauthorized());
  return principal;
}

function isLocal(request: FastifyRequest): boolean {
  const isForwarded = FORWARDING_HEADERS.some((header) => request.headers[header] !== undefined);
  return !isForwarded && isFromLoopback(request);
}

function isFromLoopback({ socket }: FastifyRequest): boolean {
  return isLoopbackAddress(plainAddress(socket.remoteAddress));
}

function isEncrypted({ socket }: FastifyRequest): boolean {
  return socket instanceof TLSSocket;
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? '';
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
