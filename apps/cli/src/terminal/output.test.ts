import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { openOutput } from './output.ts';

function open(o: { tty?: boolean; noColor?: boolean; onReaderGone?: () => void } = {}) {
  const stdout = Object.assign(new PassThrough(), { isTTY: o.tty === true });
  const stderr = new PassThrough();
  const { noColor = false, onReaderGone = () => undefined } = o;
  return { stdout, stderr, output: openOutput({ stdout, stderr }, { noColor, onReaderGone }) };
}

describe('openOutput', () => {
  it('keeps answers and notes apart', () => {
    const { stdout, stderr, output } = open();
    output.line('answer');
    output.note('note');
    expect([String(stdout.read()), String(stderr.read())]).toEqual(['answer\n', 'note\n']);
  });

  it('shows colours on a terminal only, and not when NO_COLOR asks for none', () => {
    expect(open().output.colors).toBe(false);
    expect(open({ tty: true }).output.colors).toBe(true);
    expect(open({ tty: true, noColor: true }).output.colors).toBe(false);
  });

  it('takes a status line away before anything else is said', () => {
    const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
    const o = { noColor: false, onReaderGone: () => undefined };
    const output = openOutput({ stdout: new PassThrough(), stderr }, o);
    output.status('waiting');
    output.note('note');
    output.status('waiting');
    output.line('answer');
    expect(String(stderr.read())).toBe('\rwaiting\r       \rnote\n\rwaiting\r       \r');
    expect(output.interactive).toBe(true);
  });

  it('tells, to whom it concerns last, that nobody reads any more', () => {
    const told: string[] = [];
    const { stdout, stderr, output } = open({ onReaderGone: () => told.push('first') });
    const broken = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    stderr.emit('error', broken);
    stdout.emit('error', broken);
    output.onReaderGone(() => told.push('second'));
    stdout.emit('error', broken);
    expect(told).toEqual(['first', 'second']);
    expect(() => stdout.emit('error', new Error('disk full'))).toThrow('disk full');
  });

  it('tells that nothing more can be written', () => {
    const stdout = new PassThrough();
    const told: string[] = [];
    openOutput(
      { stdout, stderr: new PassThrough() },
      {
        noColor: true,
        onReaderGone: () => told.push('reader gone'),
        onWriteFailed: ({ message }) => told.push(message),
      },
    );
    stdout.emit('error', new Error('disk full'));
    expect(told).toEqual(['disk full']);
  });

  it.each([
    [true, 40, 40],
    [true, 0, undefined],
    [false, 40, undefined],
  ])('knows the width of a terminal: %s, %d: %s', (isTTY, columns, known) => {
    const stdout = Object.assign(new PassThrough(), { isTTY, columns });
    const o = { noColor: true, onReaderGone: () => undefined };
    expect(openOutput({ stdout, stderr: new PassThrough() }, o).columns).toBe(known);
  });
});
