import { isIP } from 'node:net';
import type { ConnectionEvent, RegistryEvent, RepositoryTarget } from '@tagtrail/registry-client';
import { ofKind } from './dialogue-record.ts';
import { type Step, skipped } from './examination.ts';
import { connectionRemarks, proxyRemarks } from './failure-remarks.ts';
import { secureStep } from './secure-step.ts';

/** Addresses shown of a name. */
const SHOWN_ADDRESSES = 3;
const NO_CONNECTION = 'there is no connection';

/** Name, TCP and TLS, as the first request to the registry found them. */
export function connectionSteps(
  events: readonly RegistryEvent[],
  target: RepositoryTarget,
  now: number,
): readonly Step[] {
  const attempts = ofKind(events, 'connection').filter((one) => one.authority === target.endpoint);
  return [
    nameStep(events, target, attempts),
    tcpStep(attempts, target),
    secureStep(attempts, target, now),
  ];
}

function nameStep(
  events: readonly RegistryEvent[],
  target: RepositoryTarget,
  attempts: readonly ConnectionEvent[],
): Step {
  const host = hostOf(target.endpoint);
  const failure = attempts.at(-1)?.failure;
  if (isIP(host) !== 0 && failure?.kind !== 'refused') {
    return skipped('dns', `${host} is an address`);
  }
  const lookup = ofKind(events, 'lookup').find((one) => one.host === host);
  if (lookup !== undefined) {
    const { took, addresses } = lookup;
    const more = addresses.length > SHOWN_ADDRESSES ? ', …' : '';
    const seen = `${host} is ${addresses.slice(0, SHOWN_ADDRESSES).join(', ')}${more}`;
    return { name: 'dns', verdict: 'ok', took, seen, remarks: [], facts: { addresses } };
  }
  const isLeftToProxy = failure?.kind !== 'refused' && attempts.some(({ proxied }) => proxied);
  if (isLeftToProxy) return skipped('dns', `${host} is looked up by the proxy`);
  const seen = `${host}: ${failure?.phrase ?? 'no answer in time'}`;
  return { name: 'dns', verdict: 'failed', seen, remarks: connectionRemarks(failure, target) };
}

function tcpStep(attempts: readonly ConnectionEvent[], target: RepositoryTarget): Step {
  const open = attempts.find(({ address }) => address !== undefined);
  if (open !== undefined) {
    const { address, connectTook: took, proxied } = open;
    const seen = `connected to ${address}${proxied ? ', which is the proxy' : ''}`;
    return { name: 'tcp', verdict: 'ok', took, seen, remarks: [], facts: { address } };
  }
  const last = attempts.at(-1);
  const failure = last?.failure;
  if (failure?.kind === 'unknown-host' || failure?.kind === 'refused') {
    return skipped('tcp', NO_CONNECTION);
  }
  const seen = `${target.endpoint}: ${failure?.phrase ?? 'no connection in time'}`;
  const remarks = last?.proxied ? proxyRemarks(last, target) : connectionRemarks(failure, target);
  return { name: 'tcp', verdict: 'failed', seen, remarks };
}

/** Of `host`, `host:port` or `[address]:port`. */
function hostOf(endpoint: string): string {
  const { hostname } = new URL(`https://${endpoint}`);
  return hostname.replace(/^\[|\]$/g, '');
}
