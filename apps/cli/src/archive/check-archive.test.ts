import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { archiveLines } from './archive-lines.ts';
import { checkArchive } from './check-archive.ts';
import { anArchive } from './testing/an-archive.ts';

async function* inChunks(text: string, size = 7) {
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const check = (text: string) => checkArchive(inChunks(text), 'a.jsonl');
const withLine = (line: object, trailer = {}) => anArchive({ extra: [line], trailer });

describe('an archive', () => {
  it.each([false, true])(
    'is told whole by its last line (with a hash of its own: %s)',
    async (ownHash) => {
      const { trailer } = await check(anArchive({ ownHash }));
      expect(trailer).toMatchObject({ streams: 7, events: 1, resourceVersion: 7, fence: 6 });
    },
  );

  it('of the first version is read', async () => {
    const fixture = new URL('../../../../test/e2e/export-1.jsonl', import.meta.url);
    const { header, trailer } = await check(readFileSync(fixture, 'latin1'));
    expect([header.version, trailer.streams, trailer.fence]).toEqual([1, 4, 24]);
  });

  it('may say higher numbers than its streams have', async () => {
    const { trailer } = await check(anArchive({ trailer: { resourceVersion: 900, fence: 901 } }));
    expect(trailer).toMatchObject({ resourceVersion: 900, fence: 901 });
  });

  it.each<[string, string, string]>([
    ['empty', '', 'a.jsonl is empty'],
    ['something else', 'apiVersion: v1\n', 'a.jsonl is not an export of tagtrail'],
    ['compressed', '\x1f\x8b\x08\n', 'a.jsonl is compressed: gunzip it, or pipe it through gunzip'],
    [
      'later',
      anArchive({ header: { version: 3 } }),
      'a.jsonl is an export of version 3, and this program reads 1 and 2: upgrade it',
    ],
    ['cut off in a line', anArchive().slice(0, -1), 'a.jsonl is cut off: its end is missing'],
    [
      'cut off between lines',
      `${anArchive().split('\n').slice(0, 4).join('\n')}\n`,
      'a.jsonl is cut off: its end is missing',
    ],
    [
      'changed',
      anArchive().replace('"demo"', '"demi"'),
      'a.jsonl is damaged: its checksum is not that of its content',
    ],
    [
      'ended by the server',
      `${anArchive().split('\n')[0]}\n${JSON.stringify({ kind: 'Status', message: 'the store does not answer' })}\n`,
      'a.jsonl ends in a failure of the server: the store does not answer',
    ],
    ['two of them', anArchive().repeat(2), 'a.jsonl, line 10: it is no entry of an export'],
  ])('is refused when it is %s', async (_, text, message) => {
    await expect(check(text)).rejects.toThrow(message);
  });

  it('has no line beyond all bounds', async () => {
    const lines = archiveLines(inChunks('x'.repeat(30)), 20);
    await expect(lines.next()).rejects.toThrow('a line is longer than 20 bytes');
  });
});

describe('the last line of an archive', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ streams: 6 }, 'streams is 6, and the lines before hold 7'],
    [{ streams: undefined }, 'streams is missing, and the lines before hold 7'],
    [{ streams: '7' }, 'streams is "7", and the lines before hold 7'],
    [{ events: -1 }, 'events is -1, and the lines before hold 1'],
    [{ images: 1e30 }, 'images is 1e+30, and the lines before hold 0'],
    [{ unreadable: [] }, 'unreadable is [], and the lines before hold 0'],
    [{ resourceVersion: 6 }, 'resourceVersion is 6, and a line before has 7'],
    [{ fence: 5 }, 'fence is 5, and a line before has 6'],
    [
      { resourceVersion: 1e13 },
      'resourceVersion is 10000000000000, and must be a whole number below 10000000000000',
    ],
    [
      { resourceVersion: 7.5 },
      'resourceVersion is 7.5, and must be a whole number below 10000000000000',
    ],
    [
      { fence: 2 ** 50 },
      'fence is 1125899906842624, and must be a whole number below 1125899906842624',
    ],
    [{ fence: undefined }, 'fence is missing, and must be a whole number below 1125899906842624'],
  ])('is refused when it says %j', async (trailer, message) => {
    await expect(check(anArchive({ trailer }))).rejects.toThrow(`a.jsonl, line 10: ${message}`);
  });

  it.each([
    ['"fence":6,', '"fence":7,'],
    ['"resourceVersion":7,', '"resourceVersion":70,'],
    ['"sha256":', '"note":0,"sha256":'],
  ])('is refused when %s in it became %s', async (old, changed) => {
    const text = anArchive({ ownHash: true }).replace(old, changed);
    const told = 'a.jsonl, line 10: it is damaged: its checksum is not that of its content';
    await expect(check(text)).rejects.toThrow(told);
  });
});

describe('a line of an archive', () => {
  const stream = (version: unknown, checks: unknown) => ({
    stream: { object: { metadata: { resourceVersion: version } }, checks },
  });

  it.each<[object, string]>([
    [{}, 'it is no entry of an export'],
    [[], 'it is no entry of an export'],
    [{ unreadable: 0 }, 'it is no entry of an export'],
    [{ image: {}, stream: {} }, 'it is no entry of an export'],
    [{ history: { events: 3 } }, 'history.events is no list'],
    [stream(7, []), 'stream.object.metadata.resourceVersion is no number'],
    [stream('1e9', []), 'stream.object.metadata.resourceVersion is no number'],
    [stream('7', {}), 'stream.checks has a fence that is no number, or is no list'],
    [stream('7', [{ state: {} }]), 'stream.checks has a fence that is no number, or is no list'],
  ])('is refused when it is %j', async (line, message) => {
    await expect(check(withLine(line))).rejects.toThrow(`a.jsonl, line 10: ${message}`);
  });

  it('is counted by what it is', async () => {
    const { trailer } = await check(withLine({ image: {} }, { images: 1 }));
    expect(trailer.images).toBe(1);
    const high = withLine(stream('9999999999999', []), { streams: 8 });
    const told = 'resourceVersion is 7, and a line before has 9999999999999';
    await expect(check(high)).rejects.toThrow(told);
  });
});
