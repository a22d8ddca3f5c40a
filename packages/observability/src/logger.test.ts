import { describe, expect, it } from 'vitest';
import { describeError } from './describe-error.ts';
import { createLogger, type LoggerOptions } from './logger.ts';

function openLog(options: Partial<LoggerOptions> = {}) {
  const lines: string[] = [];
  const output = { write: (line: string) => lines.push(line) };
  const logger = createLogger({
    name: 'worker',
    level: 'info',
    format: 'json',
    output,
    ...options,
  });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> };
}

describe('createLogger', () => {
  it('writes a line of JSON with the level’s name and the time as RFC 3339', () => {
    const { logger, last } = openLog();
    logger.info({ host: 'quay.io' }, 'imported');
    expect(last()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      pid: process.pid,
      name: 'worker',
      host: 'quay.io',
      msg: 'imported',
    });
  });

  it('writes nothing below its level', () => {
    const { logger, lines } = openLog({ level: 'warn' });
    logger.info('quiet');
    expect(lines).toEqual([]);
  });

  it('describes errors wherever they are given', () => {
    const { logger, last } = openLog();
    const error = Object.assign(new Error('no'), { code: 'E', command: { args: ['hunter2'] } });
    logger.error({ err: error }, 'failed');
    expect(last()).toMatchObject({
      msg: 'failed',
      err: { type: 'Error', message: 'no', code: 'E' },
    });
    logger.error(error);
    expect(last()).toMatchObject({ msg: 'no', err: { code: 'E' } });
    expect(JSON.stringify(last())).not.toContain('hunter2');
    logger.error({ err: describeError(error) });
    expect(last()).toMatchObject({ err: { message: 'no', code: 'E' } });
  });

  it('lets no secret out, not even through a child, a cause or the message', () => {
    const { logger, lines } = openLog();
    const cause = new Error('redis://:hunter2@redis:6379 refused');
    logger
      .child({ token: 'hunter2' })
      .warn({ err: new Error('no', { cause }) }, 'redis://:hunter2@r');
    expect(lines.join()).not.toContain('hunter2');
    expect(lines.join()).toContain('redis://***@redis:6379 refused');
  });

  it('writes a line for people when it is told to, without secrets too', () => {
    const { logger, lines } = openLog({ format: 'pretty' });
    logger.info({ host: 'quay.io', token: 'hunter2' }, 'imported');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] INFO \(worker\): imported .*"quay.io"/);
    expect(lines[0]).not.toContain('hunter2');
  });

  it('writes JSON by itself when nobody looks', () => {
    const { logger, last } = openLog({ format: 'auto' });
    logger.info('unseen');
    expect(last()).toMatchObject({ msg: 'unseen' });
  });
});
