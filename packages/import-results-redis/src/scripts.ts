import { defineScript } from '@tagtrail/redis-connection';

const deliveries = new URL('./deliveries.lua', import.meta.url);

export const append = defineScript(new URL('./append.lua', import.meta.url));
export const readOwn = defineScript(new URL('./read-own.lua', import.meta.url), [deliveries]);
export const claimStale = defineScript(new URL('./claim-stale.lua', import.meta.url), [deliveries]);
export const countUndelivered = defineScript(new URL('./count-undelivered.lua', import.meta.url));
export const bury = defineScript(new URL('./bury.lua', import.meta.url));
export const trim = defineScript(new URL('./trim.lua', import.meta.url));
export const forgetConsumers = defineScript(new URL('./forget-consumers.lua', import.meta.url));
