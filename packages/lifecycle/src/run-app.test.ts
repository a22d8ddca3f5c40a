import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('./fixtures/app-process.ts', import.meta.url));

function startApp(level: string) {
  const app = spawn(process.execPath, [SCRIPT, level], { stdio: ['ignore', 'pipe', 'pipe'] });
  return { app, exit: once(app, 'exit') };
}

describe('runApp', () => {
  it('says what is wrong with the configuration, without a stack, and exits with 1', async () => {
    const { app, exit } = startApp('loud');
    expect(await text(app.stderr)).toBe('error: log.level: must be info, not loud\n');
    expect(await exit).toEqual([1, null]);
  });

  it('runs the service with its configuration and a log of its own until a signal', async () => {
    const { app, exit } = startApp('info');
    app.stdout.setEncoding('utf8');
    const lines: string[] = [];
    for await (const chunk of app.stdout) {
      lines.push(...String(chunk).split('\n').filter(Boolean));
      if (lines.some((line) => line.includes('"msg":"running"'))) app.kill('SIGTERM');
    }
    expect(await exit).toEqual([0, null]);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ name: 'fixture', msg: 'started' }),
      expect.objectContaining({ log: { level: 'info', format: 'json' }, msg: 'running' }),
      expect.objectContaining({ msg: 'stopping' }),
      expect.objectContaining({ msg: 'stopped', exitCode: 0 }),
    ]);
  });
});
