import { quoteReason } from '../../../packages/registry-client/src/reply/registry-text.ts';
import { filled } from '../engine/filled.ts';
import { type FuzzTarget, must } from '../engine/fuzz-target.ts';
import { JSON_MUTATORS } from '../engine/json-mutators.ts';

const SECRET = 'aG9yc2UtYmF0dGVyeS1zdGFwbGU';
const QUOTE_LENGTH = 256;

/** The body of a registry's refusal, of which a message quotes the reason. */
export const errorBodyTarget: FuzzTarget = {
  name: 'error-body',
  dictionary: [
    SECRET,
    'errors',
    'code',
    'message',
    'details',
    'DENIED',
    'https://blobs.example/x?X-Amz-Signature=',
    '?token=',
    '\\u001b[31m',
    '\u001b[2J',
    '\u202e',
    '\r\n',
    '<html>',
    '"__proto__":{}',
  ],
  mutators: JSON_MUTATORS,
  limit: 4 * 1024,
  check: checkErrorBody,
  growth: {
    blanks: (size) => filled(size, ' ', ['a', 'b']),
    'control characters': (size) => filled(size, '\u0001', ['a', 'b']),
    'control characters between': (size) => filled(size, 'a\u0001'),
    places: (size) => filled(size, 'http://'),
    'places with questions': (size) => filled(size, 'http://a?b '),
    secrets: (size) => filled(size, SECRET),
    'many errors': (size) => filled(size, '{"code":"A"},', ['{"errors":[', '{}]}']),
    brackets: (size) => filled(size, '['),
  },
};

function checkErrorBody(text: string): boolean {
  const reason = quoteReason(text, [SECRET]);
  if (reason === undefined) return false;
  must(reason !== '' && reason.length <= QUOTE_LENGTH, 'a quotation is short');
  must(
    reason.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(reason),
    'it is one plain line',
  );
  must(!reason.includes(SECRET), 'it holds no secret');
  must(!/https?:\/\/[^\s?"'<>]{1,200}\?[^…]/i.test(reason), 'it holds no query of a URL');
  return true;
}
