import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';

const SCRIPT = fileURLToPath(new URL('./fixtures/app-under-test.ts', import.meta.url));

// A process starts in 0.2 s, and in far more beside other test files.
vi.setConfig({ testTimeout: 20_000 });

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
    const lines: { readonly msg: string }[] = [];
    for await (const text of createInterface(app.stdout)) {
      const line = JSON.parse(text) as { readonly msg: string };
      lines.push(line);
      if (line.msg === 'running') app.kill('SIGTERM');
    }
    expect(await exit).toEqual([0, null]);
    expect(lines).toEqual([
      expect.objectContaining({ name: 'fixture', msg: 'started' }),
      expect.objectContaining({ log: { level: 'info', format: 'json' }, msg: 'running' }),
      expect.objectContaining({ msg: 'stopping' }),
      expect.objectContaining({ msg: 'stopped', exitCode: 0 }),
    ]);
  });
});
