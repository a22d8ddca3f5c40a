import { describe, expect, it } from 'vitest';
import { chooseRepresentation } from './representation.ts';

const KUBECTL_TABLE =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

describe('chooseRepresentation', () => {
  it('writes plain objects when nothing is asked for', () => {
    expect(chooseRepresentation(undefined, true)).toEqual({ kind: 'object' });
    expect(chooseRepresentation('application/json, */*', true)).toEqual({ kind: 'object' });
  });

  it('takes the first Table version of kubectl', () => {
    expect(chooseRepresentation(KUBECTL_TABLE, true)).toEqual({ kind: 'table', version: 'v1' });
  });

  it('takes the older Table version when it comes first', () => {
    const accept = 'application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';
    expect(chooseRepresentation(accept, true)).toEqual({ kind: 'table', version: 'v1beta1' });
  });

  it('falls back to objects where a resource has no Table', () => {
    expect(chooseRepresentation(KUBECTL_TABLE, false)).toEqual({ kind: 'object' });
  });

  it('passes over protobuf and over discovery forms it does not write', () => {
    const accepts = [
      'application/vnd.kubernetes.protobuf,application/json',
      'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json',
    ];
    for (const accept of accepts) {
      expect(chooseRepresentation(accept, false)).toEqual({ kind: 'object' });
    }
  });

  it('respects quality values', () => {
    const accept = 'application/json;q=0.1,application/json;as=Table;v=v1;g=meta.k8s.io;q=0.9';
    expect(chooseRepresentation(accept, true)).toEqual({ kind: 'table', version: 'v1' });
  });

  it('has nothing for a client that takes neither JSON nor a known Table', () => {
    expect(chooseRepresentation('application/yaml', true)).toBeUndefined();
    expect(
      chooseRepresentation('application/json;as=Table;v=v9;g=meta.k8s.io', true),
    ).toBeUndefined();
    expect(chooseRepresentation('application/json;q=0', true)).toBeUndefined();
  });
});
