import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecretCipher, secretKeyId } from './secret-cipher.ts';

const key = randomBytes(32);
const cipher = createSecretCipher(key);

describe('a secret cipher', () => {
  it('opens what it sealed, in the same place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, place) => {
        expect(cipher.open(cipher.seal(text, place), place)).toBe(text);
      }),
    );
  });

  it('seals a text differently each time, and names its format and key', () => {
    const [one, two] = [cipher.seal('hunter2', 'here'), cipher.seal('hunter2', 'here')];
    expect(one).not.toBe(two);
    expect(one).toMatch(new RegExp(`^v1\\.${secretKeyId(key)}\\.[\\w-]+$`));
  });

  it('does not open a text in another place', () => {
    const sealed = cipher.seal('hunter2', 'shop/regcred/1');
    expect(() => cipher.open(sealed, 'shop/regcred/2')).toThrow(
      expect.objectContaining({
        code: 'damaged',
        message: 'it was changed, or sealed for another place',
      }),
    );
  });

  it('opens nothing of which one bit was changed', () => {
    const sealed = cipher.seal('hunter2', 'here');
    const [version = '', id = '', body = ''] = sealed.split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const text = [version, id, changed.toString('base64url')].join('.');
      expect(() => cipher.open(text, 'here')).toThrow('it was changed');
    }
  });

  it('says by its id which key is missing', () => {
    const other = randomBytes(32);
    const sealed = createSecretCipher(other).seal('hunter2', 'here');
    expect(() => cipher.open(sealed, 'here')).toThrow(
      expect.objectContaining({
        code: 'wrong-key',
        message: `it was sealed with another key, ${secretKeyId(other)}; known here: ${secretKeyId(key)}`,
      }),
    );
  });

  it('opens with older keys and seals with the first', () => {
    const newer = randomBytes(32);
    const rotated = createSecretCipher(newer, [key]);
    expect(rotated.open(cipher.seal('hunter2', 'here'), 'here')).toBe('hunter2');
    expect(rotated.seal('hunter2', 'here')).toContain(`.${secretKeyId(newer)}.`);
  });

  it.each([
    ['', 'it is not sealed text'],
    ['hunter2', 'it is not sealed text'],
    ['v2.00000000.AAAA', 'it was sealed by a newer program, in format v2'],
    [`v1.${secretKeyId(key)}.AAAA`, 'a part of it is missing'],
  ])('refuses %j', (text, message) => {
    expect(() => cipher.open(text, 'here')).toThrow(
      expect.objectContaining({ code: 'damaged', message }),
    );
  });

  it('marks the same text alike, with this key only', () => {
    expect(cipher.mark('hunter2')).toBe(createSecretCipher(key).mark('hunter2'));
    expect(cipher.mark('hunter2')).not.toBe(cipher.mark('hunter3'));
    expect(cipher.mark('hunter2')).not.toBe(createSecretCipher(randomBytes(32)).mark('hunter2'));
  });

  it('takes no key of another length', () => {
    expect(() => createSecretCipher(randomBytes(16))).toThrow(
      expect.objectContaining({ code: 'invalid-key', message: 'a key has 32 bytes, not 16' }),
    );
  });
});
