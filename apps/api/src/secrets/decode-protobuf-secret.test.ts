import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StatusError } from '../status-error.ts';
import { decodeProtobufSecret } from './decode-protobuf-secret.ts';

const MAGIC = Buffer.from('k8s\0');

/** A field of bytes; lengths below 128 are one byte. */
function field(number: number, value: Uint8Array | string): Buffer {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
}
const message = (...fields: readonly Buffer[]) => Buffer.concat(fields);
const entry = (key: string, value: string) => message(field(1, key), field(2, value));
const flag = (number: number) => Buffer.from([number << 3, 1]);

function envelope(kind: string, raw: Buffer): Buffer {
  const typeMeta = field(1, message(field(1, 'v1'), field(2, kind)));
  return message(MAGIC, typeMeta, field(2, raw));
}

describe('a Secret in protobuf', () => {
  it('is what it would be in JSON', () => {
    const metadata = message(
      ...[field(1, 'regcred'), field(3, 'shop'), field(6, '7'), field(8, ''), flag(7)],
      ...[field(11, entry('app', 'shop')), field(12, entry('a/b', 'ü'))],
    );
    const secret = message(
      field(1, metadata),
      field(2, entry('.dockerconfigjson', '{}')),
      field(3, 'kubernetes.io/dockerconfigjson'),
      field(4, entry('other', 'clear')),
      flag(5),
    );
    expect(decodeProtobufSecret(envelope('Secret', secret))).toEqual({
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: {
        name: 'regcred',
        generateName: '',
        namespace: 'shop',
        uid: '',
        resourceVersion: '7',
        labels: { app: 'shop' },
        annotations: { 'a/b': 'ü' },
      },
      type: 'kubernetes.io/dockerconfigjson',
      immutable: true,
      data: { '.dockerconfigjson': 'e30=' },
      stringData: { other: 'clear' },
    });
  });

  it('is not what begins otherwise, or says that it is something else', () => {
    expect(decodeProtobufSecret(Buffer.from('{}'))).toBeUndefined();
    expect(decodeProtobufSecret(envelope('Pod', Buffer.alloc(0)))).toBeUndefined();
  });

  it.each([
    ['a length beyond the end', [0x0a, 0x05, 0x01]],
    ['a key without a value', [0x08]],
    ['a number without an end', [0x08, ...Array.from({ length: 11 }, () => 0xff)]],
    ['a kind of value that there is not', [0x0b]],
  ])('is refused with %s', (_, bytes) => {
    expect(() => decodeProtobufSecret(Buffer.concat([MAGIC, Buffer.from(bytes)]))).toThrow(
      'the request body is not valid protobuf',
    );
  });

  it('may be any bytes at all: they are read, or refused', () => {
    const raw = fc.uint8Array({ maxLength: 120 });
    fc.assert(
      fc.property(raw, (bytes) => {
        try {
          decodeProtobufSecret(envelope('Secret', Buffer.from(bytes)));
        } catch (error) {
          expect(error).toBeInstanceOf(StatusError);
        }
      }),
    );
  });
});
