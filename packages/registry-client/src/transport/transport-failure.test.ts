import { errors } from 'undici';
import { describe, expect, it } from 'vitest';
import { ConnectFailure, describeFailure, isClosedConnection } from './transport-failure.ts';

function coded(code: string): Error {
  return Object.assign(new Error('text of the other side'), { code });
}

describe('describeFailure', () => {
  it.each([
    ['ENOTFOUND', 'unknown-host', 'host name not found'],
    ['EAI_AGAIN', 'unknown-host', 'host name not found'],
    ['ECONNREFUSED', 'unreachable', 'connection refused'],
    ['EHOSTUNREACH', 'unreachable', 'no route to host'],
    ['ECONNRESET', 'closed', 'the other side closed the connection'],
    ['ETIMEDOUT', 'timeout', 'no connection in time'],
    ['CERT_HAS_EXPIRED', 'certificate', 'the certificate has expired'],
    ['CERT_REVOKED', 'certificate', 'the certificate is not valid (CERT_REVOKED)'],
    ['EPROTO', 'tls', 'the server does not answer with tls'],
    ['ERR_SSL_NO_CIPHER_MATCH', 'tls', 'the tls handshake failed (ERR_SSL_NO_CIPHER_MATCH)'],
    ['EMFILE', 'reply', 'the request failed (EMFILE)'],
    [
      'UND_ERR_RES_EXCEEDED_MAX_SIZE',
      'reply',
      'the request failed (UND_ERR_RES_EXCEEDED_MAX_SIZE)',
    ],
  ])('judges %s as %s', (code, kind, phrase) => {
    expect(describeFailure(new ConnectFailure(coded(code)))).toEqual({
      kind,
      phrase,
      connecting: true,
    });
    expect(describeFailure(coded(code))).toEqual({ kind, phrase, connecting: false });
  });

  it('takes the code that several addresses share', () => {
    const attempts = new AggregateError([coded('ECONNREFUSED')]);
    const failure = new ConnectFailure(Object.assign(attempts, { code: 'ECONNREFUSED' }));
    expect(describeFailure(failure)?.kind).toBe('unreachable');
  });

  it('calls whatever keeps a connection from being made unreachable', () => {
    expect(describeFailure(new ConnectFailure(new Error('odd')))?.kind).toBe('unreachable');
  });

  it('leaves bugs alone', () => {
    expect(describeFailure(new TypeError('bug'))).toBeUndefined();
    expect(describeFailure(coded('ERR_INVALID_ARG_TYPE'))).toBeUndefined();
    expect(describeFailure('text')).toBeUndefined();
  });
});

describe('isClosedConnection', () => {
  it('is about connections that once stood', () => {
    expect(isClosedConnection(new errors.SocketError('other side closed'))).toBe(true);
    expect(isClosedConnection(coded('ECONNRESET'))).toBe(true);
    expect(isClosedConnection(new ConnectFailure(coded('ECONNRESET')))).toBe(false);
    expect(isClosedConnection(coded('UND_ERR_HEADERS_TIMEOUT'))).toBe(false);
  });
});
