import type { IncomingMessage } from 'node:http';
import type { LogPage } from '../bounded-log.ts';
import type { SimulatorErrorCode } from '../simulator-error.ts';
import { SimulatorError } from '../simulator-error.ts';
import type { SimulatorState } from '../simulator-state.ts';
import type { Reply } from '../wire/reply.ts';
import { createReply, errorReply, jsonReply } from '../wire/reply.ts';
import { splitTarget } from '../wire/route.ts';
import { decodeFaultRequest, decodePushRequest, decodeTagRequest } from './control-body.ts';
import { readJsonBody } from './read-body.ts';

/** Where other processes steer a simulator. Never logged, never spoiled by faults. */
export const CONTROL_PREFIX = '/_simulator/';

/** Records in one page of a log: a few MB of JSON. */
const PAGE_LIMIT = 10_000;

const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/;

const STATUS_OF_CODE: Readonly<Record<SimulatorErrorCode, number>> = {
  InvalidName: 400,
  InvalidRequest: 400,
  UnknownDigest: 404,
  UnknownTag: 404,
  UnknownFault: 404,
  TooLarge: 413,
  LimitReached: 507,
};

/**
 * Answers one control request; refusals are replies with the distribution-spec's error document.
 */
export async function answerControl(
  state: SimulatorState,
  request: IncomingMessage,
): Promise<Reply> {
  if (!LOOPBACK.test(request.socket.remoteAddress ?? '')) {
    return errorReply(403, { message: 'control is for this machine only' });
  }
  // Browsers send Origin along: a page from anywhere must not steer a simulator on this machine.
  if (request.headers.origin !== undefined) {
    return errorReply(403, { message: 'control is not for web pages' });
  }
  try {
    return await dispatch(state, request);
  } catch (error) {
    if (!(error instanceof SimulatorError)) throw error;
    return errorReply(STATUS_OF_CODE[error.code], { code: error.code, message: error.message });
  }
}

async function dispatch(state: SimulatorState, request: IncomingMessage): Promise<Reply> {
  const { path, query } = splitTarget(request.url ?? '');
  switch (`${request.method} ${path}`) {
    case 'GET /_simulator/pushes':
      return pageReply('pushes', state.pushes.since(readSince(query), PAGE_LIMIT));
    case 'GET /_simulator/requests':
      return pageReply('requests', state.requests.since(readSince(query), PAGE_LIMIT));
    case 'POST /_simulator/push':
      return jsonReply(201, state.push(decodePushRequest(await readJsonBody(request))));
    case 'POST /_simulator/faults':
      return setFault(state, await readJsonBody(request));
    case 'DELETE /_simulator/faults':
      state.faults.clear();
      return noContent();
    case 'DELETE /_simulator/tags':
      return deleteTag(state, await readJsonBody(request));
    default:
      return errorReply(404, { code: 'UNSUPPORTED', message: 'no such control request' });
  }
}

function setFault(state: SimulatorState, body: unknown): Reply {
  const request = decodeFaultRequest(body);
  if ('name' in request) state.faults.setNamed(request.name, request.match);
  else state.faults.set(request.match, request.fault);
  return jsonReply(201, request);
}

function deleteTag(state: SimulatorState, body: unknown): Reply {
  const { repository, tag } = decodeTagRequest(body);
  if (state.deleteTag(repository, tag)) return noContent();
  throw new SimulatorError('UnknownTag', `${repository} has no tag ${tag}`);
}

function pageReply(name: string, { records, next, dropped }: LogPage<unknown>): Reply {
  return jsonReply(200, { [name]: records, next, dropped });
}

function noContent(): Reply {
  return createReply(204, {}, Buffer.alloc(0));
}

function readSince(query: string): number {
  const since = new URLSearchParams(query).get('since') ?? '0';
  if (/^\d{1,15}$/.test(since)) return Number(since);
  throw new SimulatorError('InvalidRequest', 'since: must be a whole number');
}
