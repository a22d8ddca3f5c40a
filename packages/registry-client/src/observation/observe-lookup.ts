import type { LookupFunction } from 'node:net';
import type { RegistryObserver } from './registry-event.ts';

/** The same lookup, which tells what it found. A failed one is told with its connection. */
export function observeLookup(lookup: LookupFunction, observe: RegistryObserver): LookupFunction {
  return (host, options, callback) => {
    const began = performance.now();
    lookup(host, options, (error, found, family) => {
      if (error === null) {
        const addresses = typeof found === 'string' ? [found] : found.map(({ address }) => address);
        observe({ kind: 'lookup', host, took: performance.now() - began, addresses });
      }
      callback(error, found, family);
    });
  };
}
