import { gzipSync } from 'node:zlib';
import { digestOf } from '../image/digest.ts';
import type { Reply } from '../wire/reply.ts';
import { errorReply, PLAIN_DELIVERY, replaceHeader } from '../wire/reply.ts';
import { replyInForm } from './document-form.ts';
import type { Fault } from './fault.ts';
import type { FaultScene } from './fault-scene.ts';
import { reserialised, withFields, withoutFields } from './json-body.ts';
import {
  replyWithFirstEntry,
  replyWithManifestAsBlob,
  replyWithPrevious,
} from './other-manifest.ts';
import { spoilChallenge } from './spoil-challenge.ts';
import { objectStoreReply, redirectReply } from './spoil-redirect.ts';
import { spoilTagList } from './spoil-tag-list.ts';

type Settings = Required<Fault>;

type Effects = {
  readonly [Name in keyof Settings]: (
    reply: Reply,
    setting: Settings[Name],
    scene: FaultScene,
  ) => Reply;
};

const DIGEST_HEADER = 'Docker-Content-Digest';

/**
 * Every misbehaviour the simulator knows, in the order they are applied. Each takes a reply and
 * gives the changed one, so any of them combine; a new one is a row here and a property of `Fault`.
 */
const EFFECTS: Effects = {
  document: replyInForm,
  previous: (reply, _, scene) => replyWithPrevious(reply, scene),
  firstEntry: replyWithFirstEntry,
  manifestsAsBlobs: (reply, _, scene) => replyWithManifestAsBlob(reply, scene),
  tagList: spoilTagList,
  wantsAccept: refuseUnlessAccepted,
  unauthorized: (_reply, _, { authority, request }) => authority.demand(request),
  statusFor: (reply, statuses, { authority, request }) => {
    const status = statuses[reply.status];
    if (status === 401) return authority.demand(request);
    return status === undefined ? reply : withStatus(reply, status);
  },
  challenge: (reply, form, { request }) => spoilChallenge(reply, form, request),
  redirect: redirectReply,
  objectStore: objectStoreReply,
  headStatus: (reply, status, { request }) =>
    request.method === 'HEAD' ? withStatus(reply, status) : reply,
  status: withStatus,
  retryAfter: (reply, value) => withHeader(reply, 'Retry-After', String(value)),
  body: (reply, text) => ({ ...reply, body: Buffer.from(text) }),
  garbageBody: (reply, _, { random }) => ({
    ...reply,
    body: Buffer.from(reply.body.map(() => Math.floor(random() * 256))),
  }),
  reserialise: (reply) => ({ ...reply, body: reserialised(reply.body) }),
  setFields: (reply, fields) => ({ ...reply, body: withFields(reply.body, fields) }),
  dropFields: (reply, names) => ({ ...reply, body: withoutFields(reply.body, names) }),
  gzip: (reply) => ({
    ...withHeader(reply, 'Content-Encoding', 'gzip'),
    body: gzipSync(reply.body),
  }),
  headers: (reply, headers) =>
    Object.entries(headers).reduce(
      (changed, [name, value]) => withHeader(changed, name, value),
      reply,
    ),
  contentTypeSuffix: (reply, suffix) =>
    withHeader(reply, 'Content-Type', `${reply.headers['Content-Type'] ?? ''}${suffix}`),
  noDigestHeader: (reply, types) =>
    types === true || types.includes(reply.headers['Content-Type'] ?? '')
      ? withHeader(withHeader(reply, DIGEST_HEADER, null), 'ETag', null)
      : reply,
  wrongDigestHeader: (reply, digest) =>
    withHeader(reply, DIGEST_HEADER, digest === true ? otherDigest(reply) : digest),
  clockAhead: (reply, seconds, { now }) =>
    withHeader(reply, 'Date', new Date(now() + seconds * 1000).toUTCString()),
  contentLength: (reply, length) => withDelivery(reply, { length }),
  latency: (reply, ms) => withDelivery(reply, { latency: reply.delivery.latency + ms }),
  slowBody: (reply, rate) => withDelivery(reply, { rate }),
  truncateBody: (reply, bytes) => {
    const cut = bytes === true ? reply.body.length >> 1 : bytes;
    return withDelivery(reply, { cut, ending: 'close' });
  },
  // The port has done it before there was a request.
  tls: (reply) => reply,
  hang: (reply) => withDelivery(reply, { ending: 'hang' }),
  reset: (reply) => withDelivery(reply, { ending: 'reset' }),
};

const EFFECT_NAMES = Object.keys(EFFECTS) as readonly (keyof Fault)[];

/** The reply with everything the fault names done to it. */
export function applyFault(reply: Reply, fault: Fault, scene: FaultScene): Reply {
  return EFFECT_NAMES.reduce(
    (changed, name) => applyEffect(changed, { fault, name, scene }),
    reply,
  );
}

function applyEffect<Name extends keyof Settings>(
  reply: Reply,
  { fault, name, scene }: { fault: Partial<Settings>; name: Name; scene: FaultScene },
): Reply {
  const setting = fault[name];
  if (setting === undefined) return reply;
  const changed = EFFECTS[name](reply, setting, scene);
  // Another answer goes out as the one that it replaces would have.
  return changed.delivery === PLAIN_DELIVERY ? { ...changed, delivery: reply.delivery } : changed;
}

function refuseUnlessAccepted(
  reply: Reply,
  { type, status }: Settings['wantsAccept'],
  { request }: FaultScene,
): Reply {
  const wanted = type === 'served' ? (reply.headers['Content-Type'] ?? '') : type;
  const accept = request.headers.accept ?? '';
  if (accept.includes(wanted) || accept.includes('*/*')) return reply;
  const message = `accept header does not support ${wanted}`;
  return errorReply(status, { code: 'MANIFEST_UNKNOWN', message });
}

function withStatus(reply: Reply, status: number): Reply {
  return status < 400
    ? { ...reply, status }
    : errorReply(status, { message: `simulated ${status}` });
}

function withHeader(reply: Reply, name: string, value: string | null): Reply {
  return { ...reply, headers: replaceHeader(reply.headers, name, value) };
}

function withDelivery(reply: Reply, change: Partial<Reply['delivery']>): Reply {
  return { ...reply, delivery: { ...reply.delivery, ...change } };
}

function otherDigest(reply: Reply): string {
  return digestOf(`not ${reply.headers[DIGEST_HEADER] ?? 'this'}`);
}
