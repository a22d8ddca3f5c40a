import { describe, expect, it } from 'vitest';
import {
  boolean,
  namedBits,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  tagged,
  time,
  unsignedInteger,
  utf8String,
  wrapped,
} from './der.ts';

const hex = (bytes: Buffer) => bytes.toString('hex');

describe('DER', () => {
  it.each([
    [0, '0400'],
    [127, '047f'],
    [128, '048180'],
    [255, '0481ff'],
    [256, '04820100'],
    [65_536, '0483010000'],
  ])('writes the length of %i bytes in as few bytes as it can', (length, head) => {
    const written = octetString(Buffer.alloc(length));
    expect(hex(written.subarray(0, written.length - length))).toBe(head);
  });

  it.each([
    ['00', '020100'],
    ['0000', '020100'],
    ['7f', '02017f'],
    ['80', '02020080'],
    ['00ff', '020200ff'],
    ['0102', '02020102'],
  ])('writes %s as an integer that is not negative', (bytes, expected) => {
    expect(hex(unsignedInteger(Buffer.from(bytes, 'hex')))).toBe(expected);
  });

  it.each([
    ['2.5.29.15', '0603551d0f'],
    ['1.2.840.10045.4.3.2', '06082a8648ce3d040302'],
    ['1.3.6.1.5.5.7.3.1', '06082b06010505070301'],
  ])('writes the identifier %s', (dotted, expected) => {
    expect(hex(objectIdentifier(dotted))).toBe(expected);
  });

  it('leaves out the named bits after the last one that is set', () => {
    expect(hex(namedBits(0))).toBe('03020780');
    expect(hex(namedBits(5, 6))).toBe('03020106');
    expect(hex(namedBits(7))).toBe('03020001');
  });

  it('writes years from 2050 on with four digits, and no others', () => {
    expect(time(Date.UTC(2049, 11, 31, 23, 59, 59, 999)).toString('latin1', 2)).toBe(
      '491231235959Z',
    );
    expect(hex(time(Date.UTC(2050, 0, 1)).subarray(0, 2))).toBe('180f');
    expect(time(Date.UTC(2050, 0, 1)).toString('latin1', 2)).toBe('20500101000000Z');
  });

  it('puts elements into each other', () => {
    expect(hex(sequence())).toBe('3000');
    expect(hex(sequence(boolean(true), boolean(false)))).toBe('30060101ff010100');
    expect(hex(setOf(utf8String('é')))).toBe('31040c02c3a9');
    expect(hex(wrapped(3, tagged(2, Buffer.from('a'))))).toBe('a303820161');
  });
});
