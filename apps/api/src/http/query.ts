import { badRequest, invalid } from '@tagtrail/apimachinery';
import type { FastifyRequest } from 'fastify';
import { StatusError } from '../status-error.ts';

/** The first value of a query parameter; an empty one counts as absent. */
export function queryText(request: FastifyRequest, name: string): string | undefined {
  const value = queryValue(request, name);
  return value === '' ? undefined : value;
}

/** Kubernetes' booleans: present is true, unless it says `false` or `0`. Undefined when absent. */
export function queryFlag(request: FastifyRequest, name: string): boolean | undefined {
  const value = queryValue(request, name)?.toLowerCase();
  return value === undefined ? undefined : value !== 'false' && value !== '0';
}

/** A whole number ≥ 0; undefined when absent. Throws StatusError BadRequest. */
export function queryCount(request: FastifyRequest, name: string): number | undefined {
  const text = queryText(request, name);
  if (text === undefined) return undefined;
  const count = Number(text);
  if (/^\d{1,15}$/.test(text)) return count;
  throw new StatusError(badRequest(`${name} must be a whole number, not ${JSON.stringify(text)}`));
}

/** Whether the request is to be checked but not carried out. Throws StatusError Invalid for anything but `All`. */
export function queryDryRun(request: FastifyRequest): boolean {
  return isDryRun(queryText(request, 'dryRun'));
}

/** Reads one `dryRun` value, of a query or of DeleteOptions. */
export function isDryRun(value: unknown): boolean {
  if (value === undefined || value === 'All') return value === 'All';
  const target = { group: 'meta.k8s.io', resource: '', kind: 'Options', name: '' };
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: "All"`;
  const cause = { reason: 'FieldValueNotSupported', field: 'dryRun', message } as const;
  throw new StatusError(invalid(target, [cause]));
}

/** A part of the path, by its name in the route. */
export function pathPart(request: FastifyRequest, name: string): string {
  return textsOf(request.params)[name] ?? '';
}

function queryValue(request: FastifyRequest, name: string): string | undefined {
  const value: unknown = fieldsOf(request.query)[name];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : undefined;
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  return value as Readonly<Record<string, string>>;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return value as Readonly<Record<string, unknown>>;
}
