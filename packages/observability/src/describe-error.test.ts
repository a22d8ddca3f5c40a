import { describe, expect, it } from 'vitest';
import { describeError } from './describe-error.ts';

describe('describeError', () => {
  it('keeps what identifies an error', () => {
    const error = Object.assign(new TypeError('no'), { code: 'E_NO', retryable: true });
    expect(describeError(error)).toEqual({
      type: 'TypeError',
      message: 'no',
      code: 'E_NO',
      retryable: true,
      stack: expect.stringContaining('describe-error.test.ts'),
    });
  });

  it('drops what clients hang on their errors', () => {
    const error = Object.assign(new Error('WRONGPASS'), {
      command: { name: 'auth', args: ['hunter2'] },
    });
    expect(JSON.stringify(describeError(error))).not.toContain('hunter2');
  });

  it('follows causes and members', () => {
    const cause = new AggregateError([new Error('v4'), new Error('v6')], 'none answered');
    expect(describeError(new Error('no Redis', { cause }))).toMatchObject({
      message: 'no Redis',
      cause: { type: 'AggregateError', errors: [{ message: 'v4' }, { message: 'v6' }] },
    });
  });

  it('comes to an end when causes go in a circle', () => {
    const error = new Error('circle');
    error.cause = error;
    expect(JSON.stringify(describeError(error)).match(/"circle"/g)).toHaveLength(5);
  });

  it('shows what was thrown though it is no error', () => {
    expect(describeError('stop')).toEqual({ type: 'string', message: 'stop' });
    expect(describeError(undefined)).toEqual({ type: 'undefined', message: 'undefined' });
  });
});
