import type {
  ConnectionEvent,
  LookupEvent,
  RegistryEvent,
  RepositoryTarget,
} from '@tagtrail/registry-client';
import { ofKind, requestTime } from './dialogue-record.ts';
import { type Step, skipped } from './examination.ts';
import { failureRemarks } from './failure-remarks.ts';
import type { Asked } from './step-request.ts';

const PATH = '/v2/';
const OK = 200;
const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
const NOT_FOUND = 404;

/** What the registry says to `GET /v2/`: first to a stranger, then to whom it has asked for a name. */
export function pingStep(
  events: readonly RegistryEvent[],
  asked: Asked<void>,
  { target, now }: { readonly target: RepositoryTarget; readonly now: number },
): Step {
  const isPing = ({ url }: { readonly url: string }) => url.endsWith(`${target.endpoint}${PATH}`);
  const replies = ofKind(events, 'reply').filter(isPing);
  const [first] = replies;
  const last = replies.at(-1);
  if (first === undefined || last === undefined) return unanswered(events, asked, now);
  const statuses = replies.map(({ status }) => status);
  const told = {
    name: 'ping',
    took: Math.max(0, first.took - connectingTime(events)),
    seen: `GET ${PATH} is answered with ${statuses.join(', then with ')}`,
    facts: { statuses, version: first.headers['docker-distribution-api-version'] },
  } as const;
  const alone = target.repository === '';
  const refused = alone && replies.length > 1 && last.status === UNAUTHORIZED;
  const remarks = refused ? undefined : remarksOf(last.status, alone);
  if (remarks !== undefined) return { ...told, verdict: 'ok', remarks };
  const reasons = asked.ok ? [] : [asked.error.message, ...failureRemarks(asked.error, now)];
  return { ...told, verdict: 'failed', remarks: reasons };
}

/** What an answer is worth; undefined for one that no registry in order gives. */
function remarksOf(status: number, alone: boolean): readonly string[] | undefined {
  if (status === OK || status === UNAUTHORIZED) return [];
  if (status === FORBIDDEN && !alone) return ['the manifest decides: nothing else depends on it'];
  if (status === NOT_FOUND && !alone) {
    return [`${PATH} is not needed: manifests are asked for all the same`];
  }
  return undefined;
}

function unanswered(events: readonly RegistryEvent[], asked: Asked<void>, now: number): Step {
  const connections = ofKind(events, 'connection');
  if (connections.every(({ failure }) => failure !== undefined)) {
    return skipped('ping', 'there is no connection');
  }
  const seen = asked.ok ? 'no answer' : asked.error.message;
  const remarks = asked.ok ? [] : failureRemarks(asked.error, now);
  const took = requestTime(events, ({ url }) => url.endsWith(PATH));
  return { name: 'ping', verdict: 'failed', took, seen, remarks };
}

function connectingTime(events: readonly RegistryEvent[]): number {
  const timed = events.filter(
    (event): event is ConnectionEvent | LookupEvent =>
      event.kind === 'connection' || event.kind === 'lookup',
  );
  return timed.reduce((sum, event) => sum + timeOf(event), 0);
}

function timeOf(event: ConnectionEvent | LookupEvent): number {
  if (event.kind === 'lookup') return event.took;
  return (event.connectTook ?? 0) + (event.secure?.took ?? 0);
}
