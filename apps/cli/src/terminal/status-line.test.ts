import { describe, expect, it } from 'vitest';
import { openStatusLine } from './status-line.ts';

function open(terminal: { isTTY?: boolean; columns?: number } = { isTTY: true, columns: 20 }) {
  const written: string[] = [];
  const line = openStatusLine({ ...terminal, write: (text) => written.push(text) });
  return { line, written };
}

describe('openStatusLine', () => {
  it('writes each text over the one before, and goes without a trace', () => {
    const { line, written } = open();
    line.show('importing 10 s');
    line.show('imported');
    line.show('');
    expect(written).toEqual(['\rimporting 10 s', '\rimported      ', '\r        \r']);
  });

  it('writes nothing when nothing changes', () => {
    const { line, written } = open();
    line.show('');
    line.show('importing');
    line.show('importing');
    expect(written).toEqual(['\rimporting']);
  });

  it('stays within a line, and within what a terminal takes for text', () => {
    const { line, written } = open();
    line.show('importing example.com/a/long/name');
    line.show('red \u001b[31m');
    expect(written).toEqual(['\rimporting example.…', '\rred  [31m          ']);
  });

  it.each([{}, { columns: 0 }])('takes a terminal that tells %j for a usual one', (told) => {
    const { line, written } = open({ isTTY: true, ...told });
    line.show('x'.repeat(100));
    expect(written).toEqual([`\r${'x'.repeat(78)}…`]);
  });

  it('is silent in a pipe', () => {
    const { line, written } = open({});
    line.show('importing');
    expect(written).toEqual([]);
  });
});
