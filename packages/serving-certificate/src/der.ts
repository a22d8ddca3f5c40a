/**
 * As much of DER as a certificate needs: values in, bytes out. Every function answers one whole element, tag and length
 * included. Source: ITU-T X.690.
 */

const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Context-specific tags: those of elements, and those of elements around others. */
const CONTEXT = 0x80;
const CONTEXT_CONSTRUCTED = 0xa0;
/** Lengths below this are one byte; longer ones are preceded by the number of their bytes. */
const LONG_LENGTH = 0x80;
/** The first year that is not written as UTCTime. Source: RFC 5280 §4.1.2.5. */
const GENERALIZED_TIME_YEAR = 2050;

export function sequence(...parts: readonly Buffer[]): Buffer {
  return element(TAG.sequence, Buffer.concat(parts));
}

/** A set of one: with more, DER would ask for an order. */
export function setOf(part: Buffer): Buffer {
  return element(TAG.set, part);
}

export function boolean(value: boolean): Buffer {
  return element(TAG.boolean, Buffer.of(value ? 0xff : 0x00));
}

/** A number ≥ 0 given as its bytes, highest first. */
export function unsignedInteger(bytes: Uint8Array): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start === -1 ? Buffer.of(0) : Buffer.from(bytes.subarray(start));
  const isNegative = (digits[0] ?? 0) >= 0x80;
  return element(TAG.integer, isNegative ? Buffer.concat([Buffer.of(0), digits]) : digits);
}

/** Whole bytes. */
export function bitString(bytes: Uint8Array): Buffer {
  return element(TAG.bitString, Buffer.concat([Buffer.of(0), bytes]));
}

/** Up to eight named bits, numbered from the highest; the unused ones at the end are left out, as DER demands. */
export function namedBits(...numbers: readonly number[]): Buffer {
  const byte = numbers.reduce((bits, number) => bits | (0x80 >> number), 0);
  return element(TAG.bitString, Buffer.of(7 - Math.max(...numbers), byte));
}

export function octetString(bytes: Uint8Array): Buffer {
  return element(TAG.octetString, bytes);
}

export function utf8String(text: string): Buffer {
  return element(TAG.utf8String, Buffer.from(text, 'utf8'));
}

/** An identifier in dotted form, such as `2.5.29.15`. */
export function objectIdentifier(dotted: string): Buffer {
  const [root = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(TAG.objectIdentifier, Buffer.from([root * 40 + second, ...rest].flatMap(base128)));
}

/** A moment in whole seconds, from ms since the epoch. */
export function time(ms: number): Buffer {
  const digits = `${new Date(ms).toISOString().slice(0, 19).replace(/\D/g, '')}Z`;
  return new Date(ms).getUTCFullYear() < GENERALIZED_TIME_YEAR
    ? element(TAG.utcTime, Buffer.from(digits.slice(2)))
    : element(TAG.generalizedTime, Buffer.from(digits));
}

/** An element whose own tag is replaced by a number (IMPLICIT). */
export function tagged(number: number, bytes: Uint8Array): Buffer {
  return element(CONTEXT | number, bytes);
}

/** A numbered element around others (EXPLICIT). */
export function wrapped(number: number, part: Buffer): Buffer {
  return element(CONTEXT_CONSTRUCTED | number, part);
}

function element(tag: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(tag, ...lengthOf(content)), content]);
}

function lengthOf({ byteLength }: Uint8Array): readonly number[] {
  if (byteLength < LONG_LENGTH) return [byteLength];
  const bytes: number[] = [];
  for (let rest = byteLength; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  return [LONG_LENGTH | bytes.length, ...bytes];
}

function base128(number: number): readonly number[] {
  const bytes = [number & 0x7f];
  for (let rest = number >>> 7; rest > 0; rest >>>= 7) bytes.unshift(0x80 | (rest & 0x7f));
  return bytes;
}
