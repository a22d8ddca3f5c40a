import { describe, expect, it } from 'vitest';
import { statusError } from './status-error.ts';

const now = Date.parse('2026-11-23T08:00:00Z');

function errorOf(status: number, body = '', headers: Record<string, string> = {}, quotable = true) {
  const context = { subject: 'quay.io/team/app:1', secrets: ['hunter2'], quotable, now };
  return statusError({ status, headers, body: Buffer.from(body) }, context);
}

describe('statusError', () => {
  it.each([
    [401, 'Unauthorized', false],
    [403, 'Forbidden', false],
    [404, 'NotFound', false],
    [408, 'RegistryError', true],
    [418, 'RegistryError', false],
    [429, 'TooManyRequests', true],
    [500, 'RegistryError', true],
    [503, 'RegistryError', true],
  ])('turns %i into %s', (status, code, retryable) => {
    expect(errorOf(status)).toMatchObject({ name: 'RegistryError', status, code, retryable });
  });

  it('names the subject and quotes the reason without what must not be seen', () => {
    const body = JSON.stringify({ errors: [{ code: 'DENIED', message: 'not with\n hunter2' }] });
    expect(errorOf(403, body).message).toBe(
      'quay.io/team/app:1: access forbidden (the server says: DENIED: not with ***)',
    );
  });

  it('ends with its advice, and tells it apart for whoever begins in other words', () => {
    const context = { subject: 'quay.io/team/app:1', secrets: [], quotable: true, now };
    const reply = { status: 401, headers: {}, body: Buffer.from('no account') };
    const advice = 'configure credentials';
    expect(statusError(reply, { ...context, advice })).toMatchObject({
      message:
        'quay.io/team/app:1: access refused; configure credentials (the server says: no account)',
      advice: 'configure credentials (the server says: no account)',
    });
    expect(statusError(reply, context)).not.toHaveProperty('advice');
  });

  it('does not repeat what a host says that must not be quoted', () => {
    expect(errorOf(500, 'internal', {}, false).message).not.toContain('internal');
  });

  it('takes the wait from the header', () => {
    expect(errorOf(429, '', { 'retry-after': '30' }).retryAfter).toBe(30_000);
    expect(errorOf(503, '', { 'retry-after': 'Mon, 23 Nov 2026 08:01:00 GMT' }).retryAfter).toBe(
      60_000,
    );
  });

  it('takes the wait from the text of GHCR', () => {
    expect(errorOf(429, 'retry-after: 880.092µs, allowed: 44000/minute').retryAfter).toBe(1_000);
  });

  it('takes a wait from no other status', () => {
    expect(errorOf(500, '', { 'retry-after': '30' })).not.toHaveProperty('retryAfter');
    expect(errorOf(429)).not.toHaveProperty('retryAfter');
  });
});

describe('too many requests under another status', () => {
  const document = (error: object) => JSON.stringify({ errors: [error] });

  it('is told by the code of the error document', () => {
    expect(errorOf(500, document({ code: 'TOOMANYREQUESTS' })).code).toBe('TooManyRequests');
  });

  it.each([
    [
      'details that repeat a tag of that name',
      400,
      document({ code: 'X', detail: { Tag: 'TOOMANYREQUESTS' } }),
    ],
    ['what is not found', 404, document({ code: 'TOOMANYREQUESTS' })],
    ['a text', 500, '"TOOMANYREQUESTS"'],
    ['a page', 500, '<html>TOOMANYREQUESTS'],
    ['a list without errors', 500, '{"errors":"TOOMANYREQUESTS"}'],
    ['an error that is none', 500, '{"errors":[null,"TOOMANYREQUESTS"]}'],
  ])('is not told by %s', (_, status, body) => {
    expect(errorOf(status, body).code).not.toBe('TooManyRequests');
  });
});
