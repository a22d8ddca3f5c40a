/** The few parts of ASN.1's DER that a certificate is written with (X.690). */
export const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
  /** Of the version, and of the extensions. */
  context0: 0xa0,
  context3: 0xa3,
  dnsName: 0x82,
  ipAddress: 0x87,
} as const;

const SHORT_LENGTH = 0x80;
const LONG_FORM = 0x82;

/** One element: tag, length, content. */
export function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const header =
    length < SHORT_LENGTH ? [tag, length] : [tag, LONG_FORM, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), content]);
}

export function sequence(...parts: readonly Buffer[]): Buffer {
  return element(TAG.sequence, ...parts);
}

/** An object identifier from its dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(TAG.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** To the second, in UTC; years from 1950 to 2049. */
export function utcTime(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14);
  return element(TAG.utcTime, Buffer.from(`${digits}Z`));
}

/** Whole bytes as a bit string. */
export function bitString(bytes: Buffer): Buffer {
  return element(TAG.bitString, Buffer.from([0]), bytes);
}

/** Seven bits a byte, the highest first; all but the last are marked. */
function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}
