import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TAGTRAIL_VERSION } from './version.ts';

describe('TAGTRAIL_VERSION', () => {
  it('is that of the manifest', () => {
    const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    expect(TAGTRAIL_VERSION).toBe((JSON.parse(manifest) as { version: string }).version);
  });
});
