import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readSettings } from './read-settings.ts';
import { tagtrailSettings } from './sections/tagtrail-settings.ts';
import { secret } from './setting-traits.ts';
import { describeSettingsReference } from './settings-reference.ts';

describe('describeSettingsReference', () => {
  it('has a sentence for every setting', () => {
    for (const { key, description } of describeSettingsReference(tagtrailSettings)) {
      expect(description, key).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('writes defaults so that they can be set', () => {
    const rows = describeSettingsReference(tagtrailSettings).filter(
      (row) => row.default !== 'required',
    );
    const REDIS_URL = 'redis://r';
    const env = Object.fromEntries(rows.map((row) => [row.variable, row.default]));
    const written = readSettings(tagtrailSettings, { env: { ...env, REDIS_URL } });
    expect(written.values).toEqual(readSettings(tagtrailSettings, { env: { REDIS_URL } }).values);
  });

  it('tells required settings from those that may be left out, and masks secret defaults', () => {
    const schema = z.object({
      a: z.object({
        must: z.string(),
        may: z.string().optional(),
        own: secret(z.string()).default('s'),
      }),
    });
    expect(describeSettingsReference(schema)).toEqual([
      { key: 'a.must', variable: 'TAGTRAIL_A_MUST', default: 'required', description: '' },
      { key: 'a.may', variable: 'TAGTRAIL_A_MAY', default: '', description: '' },
      { key: 'a.own', variable: 'TAGTRAIL_A_OWN', default: '***', description: '' },
    ]);
  });
});
