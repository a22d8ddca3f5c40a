import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { askHidden } from './ask-hidden.ts';

describe('askHidden', () => {
  it('takes what is typed until Enter, corrections included', async () => {
    const terminal = new PassThrough();
    const asked = askHidden(terminal);
    terminal.write('huntre\u007f\u007fer2\r');
    expect(await asked).toBe('hunter2');
  });

  it('has no answer when the input ends', async () => {
    const terminal = new PassThrough();
    const asked = askHidden(terminal);
    terminal.end();
    expect(await asked).toBeUndefined();
  });
});
