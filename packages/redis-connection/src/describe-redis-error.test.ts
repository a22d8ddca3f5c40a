import { ReplyError } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { describeRedisError } from './describe-redis-error.ts';
import { RedisConnectionError } from './redis-connection-error.ts';

describe('describeRedisError', () => {
  it('drops the arguments that ioredis attaches to an error', () => {
    const error = Object.assign(new ReplyError('WRONGPASS invalid username-password pair'), {
      command: { name: 'hello', args: ['3', 'AUTH', 'default', 'hunter2'] },
    });
    const failure = describeRedisError(error);
    expect(failure.message).toBe('WRONGPASS invalid username-password pair');
    expect(JSON.stringify(failure.cause, Object.getOwnPropertyNames(failure.cause))).not.toContain(
      'hunter2',
    );
  });

  it.each([
    'LOADING Redis is loading',
    'MISCONF disk full',
    'READONLY no',
    'OOM command not allowed',
  ])('finds %j worth another try', (message) => {
    expect(describeRedisError(new ReplyError(message)).retryable).toBe(true);
  });

  it.each(['WRONGTYPE Operation', 'ERR unknown command', 'NOGROUP No such key'])(
    'finds %j final',
    (message) => {
      expect(describeRedisError(new ReplyError(message)).retryable).toBe(false);
    },
  );

  it('finds a lost connection worth another try', () => {
    expect(describeRedisError(new Error('Connection is closed.')).retryable).toBe(true);
  });

  it('keeps the verdict of an error that carries its own', () => {
    expect(describeRedisError(new RedisConnectionError('closed', 'x')).retryable).toBe(false);
    expect(describeRedisError(new RedisConnectionError('unavailable', 'x')).retryable).toBe(true);
  });

  it('names the code of an error without a message', () => {
    const refused = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    expect(describeRedisError(refused).message).toBe('ECONNREFUSED');
  });

  it('survives something thrown that is no error', () => {
    expect(describeRedisError('text').message).toBe('unknown failure');
  });
});
