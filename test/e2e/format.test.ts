import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AppName, type Installation, openInstallation } from './installation.ts';

const FORMAT = '{tagtrail}:format';
let tagtrail: Installation;
let redis: Redis;
beforeAll(async () => {
  tagtrail = await openInstallation({ api: 1 });
  redis = new Redis(tagtrail.redis.url);
});
afterAll(async () => {
  redis.disconnect();
  await tagtrail[Symbol.asyncDispose]();
});

it('ends a running process when the store gets a newer format', async () => {
  const writer = await tagtrail.start('status-writer');
  await redis.set(FORMAT, '7');
  expect(await writer.exited).toBe(1);
  const told = writer.lines.map((line) => String(line['msg']));
  expect(told).toContainEqual(expect.stringMatching(/cannot go on: the store has format 7/));
}, 60_000);

it.each<AppName>(['api', 'producer', 'worker', 'status-writer'])(
  'does not start the %s on a newer format: one line says why, and nothing is written',
  async (name) => {
    const before = (await redis.keys('*')).filter((key) => !key.includes('heartbeats')).sort();
    const told = `the store has format 7, and this program knows formats up to 2: upgrade this program, or import an export into an empty Redis`;
    const start = tagtrail.start(name, { TAGTRAIL_API_PORT: '0' });
    await expect(start).rejects.toThrow(new RegExp(`${name} exited with 1:[^]*${told}`));
    expect((await redis.keys('*')).filter((key) => !key.includes('heartbeats')).sort()).toEqual(
      before,
    );
  },
  60_000,
);
