import { describe, expect, it } from 'vitest';
import { decodePrefetchJob } from './prefetch-job.ts';

const job = {
  version: 1,
  key: { namespace: 'demo', name: 'web', uid: 'u' },
  image: `sha256:${'a'.repeat(64)}`,
};

describe('a prefetch job', () => {
  it('is read back as it was queued', () => {
    expect(decodePrefetchJob(JSON.parse(JSON.stringify(job)))).toEqual({ ok: true, job });
  });

  it.each([
    [null, 'not a prefetch job: '],
    [{ ...job, version: 2 }, 'version'],
    [{ ...job, image: 'latest' }, 'image'],
    [{ ...job, key: { ...job.key, uid: 7 } }, 'key.uid'],
    [{ ...job, key: undefined }, 'key'],
  ])('is refused when it is %j', (value, words) => {
    const decoded = decodePrefetchJob(value);
    expect(decoded).toMatchObject({ ok: false, message: expect.stringContaining(words) });
  });
});
