import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRotatingLog } from './rotating-log.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tagtrail-cli-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('goes on where an earlier start ended, readable by nobody else', () => {
  const path = join(folder, 'worker-1.log');
  for (const line of ['one', 'two']) {
    using log = openRotatingLog(path);
    log.write(line);
  }
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('keeps one older file beyond the limit, and no more', () => {
  const path = join(folder, 'api.log');
  using log = openRotatingLog(path, 12);
  for (const line of ['first', 'second', 'third', 'fourth']) log.write(line);
  expect(readFileSync(path, 'utf8')).toBe('fourth\n');
  expect(readFileSync(`${path}.1`, 'utf8')).toBe('third\n');
});

it('writes a line that alone is beyond the limit', () => {
  const path = join(folder, 'api.log');
  using log = openRotatingLog(path, 4);
  log.write('far too long');
  expect(readFileSync(path, 'utf8')).toBe('far too long\n');
});
