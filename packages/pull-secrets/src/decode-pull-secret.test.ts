import { describe, expect, it } from 'vitest';
import { encodeBase64 } from './base64.ts';
import { decodePullSecret } from './decode-pull-secret.ts';
import { aSecretBody } from './testing/a-secret-body.ts';

const draftOf = (changes: Readonly<Record<string, unknown>>) => {
  const decoded = decodePullSecret(aSecretBody(changes));
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.causes));
  return decoded.draft;
};
const causesOf = (body: unknown) => {
  const decoded = decodePullSecret(body);
  return decoded.ok ? [] : decoded.causes.map(({ field, message }) => `${field}: ${message}`);
};

describe('decodePullSecret', () => {
  it('reads what kubectl sends', () => {
    expect(draftOf({})).toEqual({
      metadata: { name: 'regcred' },
      type: 'kubernetes.io/dockerconfigjson',
      data: aSecretBody().data,
    });
  });

  it('writes stringData over data', () => {
    const draft = draftOf({
      data: { '.dockerconfigjson': 'e30=', other: 'YQ==' },
      stringData: { '.dockerconfigjson': '{"auths":{}}' },
    });
    expect(draft.data).toEqual({
      '.dockerconfigjson': encodeBase64('{"auths":{}}'),
      other: 'YQ==',
    });
  });

  it('takes base64 with line breaks, as base64(1) prints it', () => {
    expect(draftOf({ data: { a: 'YWJj\nZGVm\r\n' } }).data).toEqual({ a: 'YWJjZGVm' });
  });

  it('names what is wrong and repeats no value', () => {
    const causes = causesOf({
      kind: 'Hunter2',
      apiVersion: 'v2',
      metadata: { name: 7, labels: { app: ['hunter2'] } },
      immutable: 'hunter2',
      type: 1,
      data: { a: 'hunter2', b: 2 },
      stringData: { c: { password: 'hunter2' } },
    });
    expect(causes).toEqual([
      'kind: Invalid value: "Hunter2": must be Secret',
      'apiVersion: Invalid value: "v2": must be v1',
      'metadata.name: Invalid value: "<secret contents redacted>": must be a string',
      'metadata.labels[app]: Invalid value: "<secret contents redacted>": must be a string',
      'type: Invalid value: "<secret contents redacted>": must be a string',
      'immutable: Invalid value: "<secret contents redacted>": must be true or false',
      'data[a]: Invalid value: "<secret contents redacted>": must be base64; stringData takes text in clear',
      'data[b]: Invalid value: "<secret contents redacted>": must be a string',
      'stringData[c]: Invalid value: "<secret contents redacted>": must be a string',
    ]);
    expect(causes.join()).not.toContain('hunter2');
  });

  it.each([null, 'hunter2', 7])(
    'takes %j for a secret without fields, or says what it must be',
    (body) => {
      expect(causesOf(body)).toEqual(
        body === null
          ? []
          : ['(root): Invalid value: "<secret contents redacted>": must be an object'],
      );
    },
  );
});
