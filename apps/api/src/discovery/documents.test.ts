import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SERVER_VERSION } from './documents.ts';

describe('SERVER_VERSION', () => {
  it('is the version of the package', () => {
    const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
    expect(SERVER_VERSION).toBe((JSON.parse(manifest) as { version: string }).version);
  });
});
