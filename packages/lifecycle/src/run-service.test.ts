import { describe, expect, it, vi } from 'vitest';
import { spawnService } from './fixtures/spawn-service.ts';

// A process starts in 0.2 s, and in far more beside other test files.
vi.setConfig({ testTimeout: 20_000 });

/** Runs a behaviour to its end, with a signal as soon as it has said `after`. */
async function stopped(behaviour: string, after = 'started') {
  const service = spawnService(behaviour);
  await service.line(after);
  service.child.kill('SIGTERM');
  return service.ended();
}

describe('a service that is asked to stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'drains, disposes and exits with 0 on %s',
    async (name) => {
      const service = spawnService('drains');
      await service.line('started');
      service.child.kill(name);
      expect(await service.ended()).toMatchObject({
        code: 0,
        messages: ['started', 'stopping', 'disposed', 'stopped'],
      });
      expect(await service.line('stopping')).toMatchObject({ why: name });
    },
  );

  it('takes the twin of a Ctrl-C for the same wish', async () => {
    expect(await stopped('signals itself again at once')).toMatchObject({
      code: 0,
      messages: ['started', 'stopping', 'disposed', 'stopped'],
    });
  });

  it('exits at once when somebody asks again later', async () => {
    const { code, lines } = await stopped('signals itself again later');
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ level: 'fatal', msg: 'forced exit: second SIGINT' });
  });

  it('names its work when that does not end in time', async () => {
    const { code, lines } = await stopped('never drains');
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({
      level: 'fatal',
      phase: 'running',
      open: expect.stringContaining('Timeout'),
      msg: 'forced exit: not stopped within 50 ms',
    });
  });

  it('names its disposal when that does not end in time', async () => {
    const { code, lines } = await stopped('never disposes');
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ phase: 'disposing' });
  });

  it('exits with 0 when its work ends in the reason of the signal', async () => {
    const { code, messages } = await stopped('ends with the signal’s reason');
    expect(code).toBe(0);
    expect(messages).toEqual(['started', 'stopping', 'disposed', 'stopped']);
  });

  it('exits with 1 when it cannot dispose', async () => {
    const { code, messages } = await stopped('fails to dispose');
    expect(code).toBe(1);
    expect(messages).toContain('fixture cannot stop cleanly: socket is stuck');
  });

  it('ends though something was left open, and says what', async () => {
    const { code, lines } = await stopped('leaves a socket open');
    expect(code).toBe(0);
    expect(lines.at(-1)).toMatchObject({
      level: 'warn',
      open: expect.stringContaining('TCPServerWrap'),
      msg: 'forced exit: something was left open',
    });
  });

  it('needs nobody to read its log', async () => {
    const service = spawnService('drains');
    await service.line('started');
    service.child.stdout?.destroy();
    service.child.kill('SIGTERM');
    expect(await service.ended()).toMatchObject({ code: 0 });
  });
});

describe('a service that is still opening', () => {
  it('stops cleanly when opening is cut off', async () => {
    const { code, messages } = await stopped('opens slowly', 'opening');
    expect(code).toBe(0);
    expect(messages).toEqual(['opening', 'stopping', 'where opening ended', 'stopped']);
  });

  it('is disposed, and never run, when it opens in spite of the signal', async () => {
    const { code, messages } = await stopped('opens in spite of the signal', 'opening');
    expect(code).toBe(0);
    expect(messages).toEqual(['opening', 'stopping', 'disposed', 'stopped']);
  });

  it('names opening when that does not end in time', async () => {
    const { code, lines } = await stopped('never opens', 'opening');
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ phase: 'opening' });
  });
});

describe('a service that fails', () => {
  it('says in one line why it cannot open, and shows the stack to debuggers', async () => {
    const { code, lines } = await spawnService('fails to open').ended();
    expect(code).toBe(1);
    expect(lines[0]).toMatchObject({
      level: 'error',
      code: 'ECONNREFUSED',
      msg: 'fixture cannot start: redis is not there',
    });
    expect(lines[0]).not.toHaveProperty('err');
    expect(lines.find(({ level }) => level === 'debug')).toHaveProperty('err.stack');
  });

  it('says the code when the error has no words', async () => {
    const { messages } = await spawnService('fails to open without words').ended();
    expect(messages[0]).toBe('fixture cannot start: ECONNREFUSED');
  });

  it.each([
    ['fails while running', 'fixture cannot go on: the queue is gone'],
    ['ends unasked', 'fixture cannot go on: its work ended unasked'],
    ['throws aside', 'uncaught: thrown aside'],
    ['rejects aside', 'uncaught: rejected aside'],
  ])('is disposed and exits with 1 when it %s', async (behaviour, message) => {
    const { code, messages } = await spawnService(behaviour).ended();
    expect(code).toBe(1);
    expect(messages).toEqual(expect.arrayContaining([message, 'stopping', 'disposed', 'stopped']));
  });
});

describe('a forked service', () => {
  it('stops when its parent is gone', async () => {
    const service = spawnService('drains', 'fork');
    await service.line('started');
    service.child.disconnect();
    expect(await service.ended()).toMatchObject({ code: 0 });
    expect(await service.line('stopping')).toMatchObject({ why: 'parent process gone' });
  });

  it('ends after a signal though the channel to its parent is open', async () => {
    const service = spawnService('drains', 'fork');
    await service.line('started');
    service.child.kill('SIGTERM');
    const { code, messages } = await service.ended();
    expect(code).toBe(0);
    expect(messages.at(-1)).toBe('stopped');
  });
});
