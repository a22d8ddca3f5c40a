import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { archiveLines } from './archive-lines.ts';
import { checkArchive } from './check-archive.ts';

const header = {
  kind: 'TagtrailExport',
  version: 2,
  exportedAt: '2026-01-01T10:00:00.000Z',
  resourceVersion: '7',
};
const entry = { unreadable: { namespace: 'demo', name: 'web' } };

/** A whole archive; `change` spoils it. */
function archive(
  change: (text: string) => string = (text) => text,
  first: object = header,
): string {
  const body = `${JSON.stringify(first)}\n${JSON.stringify(entry)}\n`;
  const sha256 = createHash('sha256').update(body).digest('hex');
  const counts = { streams: 0, events: 0, images: 0, unreadable: 1, resourceVersion: 0, fence: 0 };
  return change(`${body}${JSON.stringify({ kind: 'TagtrailExportEnd', ...counts, sha256 })}\n`);
}

async function* inChunks(text: string, size = 7) {
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('an archive', () => {
  it('is told whole by its last line, wherever its chunks end', async () => {
    const { trailer } = await checkArchive(inChunks(archive()), 'a.jsonl');
    expect(trailer).toMatchObject({ streams: 0, unreadable: 1 });
  });

  it.each<[string, string, string]>([
    ['empty', '', 'a.jsonl is empty'],
    ['something else', 'apiVersion: v1\n', 'a.jsonl is not an export of tagtrail'],
    ['compressed', '\x1f\x8b\x08\n', 'a.jsonl is compressed: gunzip it, or pipe it through gunzip'],
    [
      'later',
      archive(undefined, { ...header, version: 3 }),
      'a.jsonl is an export of version 3, and this program reads 1 and 2: upgrade it',
    ],
    [
      'cut off in a line',
      archive((text) => text.slice(0, -1)),
      'a.jsonl is cut off: its end is missing',
    ],
    [
      'cut off between lines',
      archive((text) => `${text.split('\n').slice(0, 2).join('\n')}\n`),
      'a.jsonl is cut off: its end is missing',
    ],
    [
      'changed',
      archive((text) => text.replace('"web"', '"wab"')),
      'a.jsonl is damaged: its checksum is not that of its content',
    ],
    [
      'ended by the server',
      `${JSON.stringify(header)}\n${JSON.stringify({ kind: 'Status', message: 'the store does not answer' })}\n`,
      'a.jsonl ends in a failure of the server: the store does not answer',
    ],
  ])('is refused when it is %s', async (_, text, message) => {
    await expect(checkArchive(inChunks(text), 'a.jsonl')).rejects.toThrow(message);
  });

  it('has no line beyond all bounds', async () => {
    const lines = archiveLines(inChunks('x'.repeat(30)), 20);
    await expect(lines.next()).rejects.toThrow('a line is longer than 20 bytes');
  });
});
