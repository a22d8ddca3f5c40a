import { StoreError } from '@tagtrail/image-stream';
import { defineScript } from '@tagtrail/redis-connection';
import type { Redis } from 'ioredis';
import type { RecordKeys } from '../keys.ts';

/**
 * The format of everything that one record slot holds, as this program reads and writes it. 1: records, histories, check
 * states and schedule, without a number. 2: the number, and the counts of outcomes. Whoever changes what a key means
 * raises it and says in `migrate-format.ts` how the store gets there.
 */
export const STORE_FORMAT = 2;

const meetScript = defineScript(new URL('./meet-format.lua', import.meta.url));

/** The store's format; one without records has the present one from then on. @throws StoreError `newer-format`, `damaged` */
export async function meetFormat(redis: Redis, keys: RecordKeys): Promise<number> {
  const text = String(await meetScript(redis, [keys.format, keys.version], [STORE_FORMAT]));
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new StoreError('damaged', `${keys.format} in Redis does not hold the number of a format`);
  }
  const format = Number(text);
  if (format > STORE_FORMAT) throw newerFormat(format);
  return format;
}

/** @throws StoreError unless the store has the present format */
export async function requireFormat(redis: Redis, keys: RecordKeys): Promise<void> {
  const format = await meetFormat(redis, keys);
  if (format === STORE_FORMAT) return;
  const became = `the store came to be of format ${format}, and this program works on format ${STORE_FORMAT}`;
  throw new StoreError('older-format', `${became}: start it again, and it migrates the store`);
}

function newerFormat(format: number): StoreError {
  const found = `the store has format ${format}, and this program knows formats up to ${STORE_FORMAT}`;
  const advice = 'upgrade this program, or import an export into an empty Redis';
  return new StoreError('newer-format', `${found}: ${advice}`);
}
