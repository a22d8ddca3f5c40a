import { badRequest, unsupportedMediaType } from '@tagtrail/apimachinery';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { StatusError } from '../status-error.ts';
import { isNestedWithin } from './is-nested-within.ts';
import { locateJsonFault } from './locate-json-fault.ts';

/** Levels of a body: Kubernetes objects have a dozen, and what writes them as text again goes down level by level. */
const MAX_DEPTH = 100;

/** Makes the server read JSON bodies and nothing else; a body without a Content-Type counts as JSON, as in Kubernetes. */
export function acceptJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, readJson);
  app.addContentTypeParser('*', { parseAs: 'buffer' }, readJson);
}

async function readJson({ headers }: FastifyRequest, body: Buffer): Promise<unknown> {
  const type = headers['content-type'];
  const isJson = type === undefined || /^application\/json\s*(;|$)/i.test(type);
  if (isJson) return parseJson(body);
  throw refuseMediaType(type);
}

/** Parses a body. Throws StatusError BadRequest that names the place; an empty body is undefined. */
export function parseJson(body: Uint8Array): unknown {
  if (body.byteLength === 0) return undefined;
  const value = parseText(decodeText(body));
  if (isNestedWithin(MAX_DEPTH, value)) return value;
  const problem = `the request body is nested more than ${MAX_DEPTH} levels deep`;
  throw new StatusError(badRequest(problem));
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const fault = locateJsonFault(text);
    const place = fault === undefined ? '' : ` at line ${fault.line}, column ${fault.column}`;
    throw new StatusError(badRequest(`the request body is not valid JSON${place}`), { cause });
  }
}

function decodeText(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw new StatusError(badRequest('the request body is not valid UTF-8'), { cause });
  }
}

/** What a body of another type is answered with. */
export function refuseMediaType(type: string): StatusError {
  const [media = ''] = type.split(';');
  const hint = /yaml/i.test(media) ? ': convert YAML to JSON before sending it' : '';
  const message = `the body of the request was in an unsupported format (${media.trim().slice(0, 100)}); accepted is application/json${hint}`;
  return new StatusError(unsupportedMediaType(message));
}
