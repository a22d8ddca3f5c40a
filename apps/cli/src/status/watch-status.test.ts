import { ApiError, type Overview } from '@tagtrail/api-client';
import { serviceUnavailable } from '@tagtrail/apimachinery';
import { describe, expect, it } from 'vitest';
import type { CommandContext } from '../command-context.ts';
import type { StructuredFormat } from '../terminal/structured-output.ts';
import { statusLines } from './status-lines.ts';
import { anOverview } from './testing/an-overview.ts';
import { showUntil } from './watch-status.ts';

const AWAY = new ApiError(serviceUnavailable('the API is away', 1), 503);
const WELL = anOverview();

interface Watched {
  /** Answered one after the other; then the watch is ended as by Ctrl-C. */
  readonly answers: readonly (Overview | Error)[];
  readonly format?: StructuredFormat;
  readonly columns?: number;
  readonly terminal?: string;
}

async function watch({ answers, format, columns, terminal = 'xterm' }: Watched) {
  const stop = new AbortController();
  const left = [...answers];
  const [lines, notes]: [string[], string[]] = [[], []];
  const overview = async () => {
    const answer = left.shift() ?? WELL;
    if (left.length === 0) setImmediate(() => stop.abort());
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const context = {
    output: {
      line: (text: string) => lines.push(text),
      note: (text: string) => notes.push(text),
      columns,
      colors: false,
    },
    environment: { variables: { TERM: terminal } },
  } as unknown as CommandContext;
  const signals = { stop: stop.signal, exitCode: 130 };
  const exitCode = await showUntil(signals, { api: { overview }, format, interval: 1 }, context);
  return { exitCode, lines, notes };
}

describe('a watched status', () => {
  const block = `${statusLines(WELL, { columns: undefined, colors: false }).join('\n')}\n`;

  it('is a block after the other in a pipe, without a word for terminals', async () => {
    const { exitCode, lines } = await watch({ answers: [WELL, WELL] });
    expect([exitCode, lines]).toEqual([130, [block, block]]);
    expect(lines.join('')).not.toContain('\u001b');
  });

  it('is drawn over itself on a terminal', async () => {
    const { lines } = await watch({ answers: [WELL, WELL], columns: 120 });
    const [first, second] = lines;
    expect(first?.startsWith('\u001b[H\u001b[2JSERVICE')).toBe(true);
    expect(second?.startsWith('\u001b[HSERVICE')).toBe(true);
    expect(second?.endsWith('everything is looked at in time\u001b[K\u001b[J')).toBe(true);
    expect(second?.split('\n').every((line) => line.includes('\u001b[K'))).toBe(true);
  });

  it('is a block after the other on a terminal that understands nothing else', async () => {
    const { lines } = await watch({ answers: [WELL], columns: 120, terminal: 'dumb' });
    expect(lines.join('')).not.toContain('\u001b');
  });

  it('is a document a line as JSON, and one after the other as YAML', async () => {
    const { lines } = await watch({ answers: [WELL, WELL], format: 'json' });
    expect(lines.map((line) => JSON.parse(line))).toEqual([WELL, WELL]);
    const yaml = await watch({ answers: [WELL], format: 'yaml' });
    expect(yaml.lines[0]).toMatch(/^---\nat: /u);
  });

  it('waits for an API that goes away, and says so', async () => {
    const { exitCode, lines, notes } = await watch({ answers: [WELL, AWAY, WELL] });
    expect([exitCode, lines.length]).toEqual([130, 2]);
    expect(notes).toEqual(['note: the API is away; trying again']);
  });

  it('is an error where nobody ever answered, or what answers is no API of this version', async () => {
    await expect(watch({ answers: [AWAY, WELL] })).rejects.toThrow('the API is away');
    const wrong = new Error('a fault of this program');
    await expect(watch({ answers: [WELL, wrong, WELL] })).rejects.toThrow('a fault');
  });
});
