import { digestOf } from '../image/digest.ts';
import type { Random } from '../seeded-random.ts';
import type { Reply } from '../wire/reply.ts';
import { errorReply, replaceHeader } from '../wire/reply.ts';
import type { WireRequest } from '../wire/route.ts';
import type { Fault } from './fault.ts';

/** What an effect may look at besides the reply. */
export interface FaultScene {
  readonly request: WireRequest;
  readonly random: Random;
}

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
  headStatus: (reply, status, { request }) =>
    request.method === 'HEAD' ? withStatus(reply, status) : reply,
  status: withStatus,
  retryAfter: (reply, value) => withHeader(reply, 'Retry-After', String(value)),
  body: (reply, text) => ({ ...reply, body: Buffer.from(text) }),
  garbageBody: (reply, _, { random }) => ({
    ...reply,
    body: Buffer.from(reply.body.map(() => Math.floor(random() * 256))),
  }),
  headers: (reply, headers) =>
    Object.entries(headers).reduce(
      (changed, [name, value]) => withHeader(changed, name, value),
      reply,
    ),
  noDigestHeader: (reply) => withHeader(withHeader(reply, DIGEST_HEADER, null), 'ETag', null),
  wrongDigestHeader: (reply, digest) =>
    withHeader(reply, DIGEST_HEADER, digest === true ? otherDigest(reply) : digest),
  latency: (reply, ms) => withDelivery(reply, { latency: reply.delivery.latency + ms }),
  slowBody: (reply, rate) => withDelivery(reply, { rate }),
  truncateBody: (reply, bytes) => {
    const cut = bytes === true ? reply.body.length >> 1 : bytes;
    return withDelivery(reply, { cut, ending: 'close' });
  },
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
  return setting === undefined ? reply : EFFECTS[name](reply, setting, scene);
}

/** What earlier effects did to the delivery stays. */
function withStatus(reply: Reply, status: number): Reply {
  if (status < 400) return { ...reply, status };
  const error = errorReply(status, { message: `simulated ${status}` });
  return { ...error, delivery: reply.delivery };
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
