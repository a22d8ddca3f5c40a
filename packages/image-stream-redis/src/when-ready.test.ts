import { RedisConnectionError } from '@tagtrail/redis-connection';
import { ReplyError } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { storeError } from './when-ready.ts';

describe('a failure of the store', () => {
  it.each([
    new Error('Connection is closed.'),
    new RedisConnectionError('unavailable', 'away'),
    new RedisConnectionError('closed', 'disposed of'),
    new ReplyError('LOADING Redis is loading the dataset in memory'),
    new ReplyError(
      'OOM command not allowed when used memory > maxmemory. script: 1f, on @user_script:3.',
    ),
    new ReplyError(
      'ERR Error running script (call to f_1f): @user_script:3: @user_script: 3: -OOM command not allowed',
    ),
    new ReplyError('READONLY You can not write against a read only replica.'),
  ])('is worth another try: %s', (error) => {
    expect(storeError(error)).toMatchObject({ code: 'unavailable', retryable: true });
  });

  it('is damage when another kind of key is in the way', () => {
    const error = new ReplyError(
      'WRONGTYPE Operation against a key holding the wrong kind of value',
    );
    expect(storeError(error)).toMatchObject({ code: 'damaged', retryable: false });
  });

  it('is what it is when the program is at fault', () => {
    const error = new RangeError('Maximum call stack size exceeded');
    expect(storeError(error)).toBe(error);
  });

  it.each(['ERR Invalid stream ID specified as stream command argument script: 1f', 'NOPERM no'])(
    'is no outage, and does not repeat what was sent, when Redis says %j',
    (message) => {
      const refusal = Object.assign(new ReplyError(message), { command: { args: ['secret'] } });
      const error = storeError(refusal);
      expect(error.message).toBe(`the record store refused: ${message}`);
      expect(error).not.toHaveProperty('retryable');
      expect(error.cause).not.toHaveProperty('command');
    },
  );
});
