import { describe, expect, it } from 'vitest';
import { lastWords, noticeOf } from './log-line.ts';

const info = '{"level":"info","name":"worker","msg":"started"}';
const warning = '{"level":"warn","name":"worker","msg":"queue is slow"}';
const error =
  '{"level":"error","name":"worker","msg":"cannot reach Redis","err":{"type":"Error","message":"connect ECONNREFUSED","stack":"Error: …"}}';

describe('noticeOf', () => {
  it('shows warnings and errors with their cause, and nothing below', () => {
    expect(noticeOf(warning)).toEqual({ severity: 'warning', text: 'queue is slow' });
    expect(noticeOf(error)).toEqual({
      severity: 'error',
      text: 'cannot reach Redis: connect ECONNREFUSED',
    });
    expect(noticeOf(info)).toBeUndefined();
  });

  it.each(['plain words', '{ not json', '[1]', '{"level":50}'])(
    'takes %j for no notice',
    (line) => {
      expect(noticeOf(line)).toBeUndefined();
    },
  );

  it('cuts a long message', () => {
    const line = JSON.stringify({ level: 'error', msg: 'x'.repeat(500) });
    expect(noticeOf(line)?.text).toHaveLength(160);
  });
});

describe('lastWords', () => {
  it('prefers the last error that was logged', () => {
    expect(lastWords([error, info])).toBe('cannot reach Redis: connect ECONNREFUSED');
  });

  it('finds the message of an uncaught error', () => {
    const crash = [
      info,
      'file:///x/main.ts:3',
      "throw new TypeError('no such tag');",
      '      ^',
      '',
      'TypeError: no such tag',
      '    at file:///x/main.ts:3:7',
      "  code: 'X'",
      '}',
      'Node.js v24.21.0',
    ];
    expect(lastWords(crash)).toBe('TypeError: no such tag');
  });

  it('takes what was said last when there was no error', () => {
    expect(lastWords([info, 'bye'])).toBe('bye');
    expect(lastWords([info])).toBe('started');
    expect(lastWords([])).toBeUndefined();
  });
});
