import { badRequest } from '@tagtrail/apimachinery';
import { StatusError } from '../status-error.ts';

/** A field's values in their order: numbers, or bytes of texts and of further messages. */
export type ProtobufFields = ReadonlyMap<number, readonly (bigint | Uint8Array)[]>;

/** How a value is written. Source: Protocol Buffers, "Encoding". */
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;
/** Bits of a key that tell the wire type. */
const WIRE_BITS = 3n;
/** Bytes of the longest varint: 64 bits, 7 in each. */
const MAX_VARINT = 10;
const FIXED_BYTES: ReadonlyMap<number, number> = new Map([
  [WIRE.fixed64, 8],
  [WIRE.fixed32, 4],
]);

/** Reads one message, in time that grows with its bytes. Throws StatusError BadRequest for what is none. */
export function readProtobufFields(message: Uint8Array): ProtobufFields {
  const fields = new Map<number, (bigint | Uint8Array)[]>();
  const reader = new ProtobufReader(message);
  while (!reader.atEnd) {
    const key = reader.varint();
    const number = Number(key >> WIRE_BITS);
    const value = reader.value(Number(key & ((1n << WIRE_BITS) - 1n)));
    const values = fields.get(number);
    if (values === undefined) fields.set(number, [value]);
    else values.push(value);
  }
  return fields;
}

class ProtobufReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let index = 0; index < MAX_VARINT; index += 1) {
      const [byte = 0] = this.#take(1);
      value |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) return value;
    }
    throw notProtobuf();
  }

  value(wire: number): bigint | Uint8Array {
    if (wire === WIRE.varint) return this.varint();
    if (wire === WIRE.bytes) return this.#take(Number(this.varint()));
    const length = FIXED_BYTES.get(wire);
    if (length === undefined) throw notProtobuf();
    return this.#take(length);
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw notProtobuf();
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

function notProtobuf(): StatusError {
  return new StatusError(badRequest('the request body is not valid protobuf'));
}
