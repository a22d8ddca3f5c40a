import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { createImageStream, decodeImageStream, deleteImageStream, replaceImageStream, StoreError } from '@tagtrail/image-stream';
import { openImageStreamRedis } from '@tagtrail/image-stream-redis';
import { openImportJobSource, openImportQueue } from '@tagtrail/import-queue-bullmq';
import { openResultLog } from '@tagtrail/import-results-redis';
import { createLogger } from '@tagtrail/observability';
import { openRegistryClient } from '@tagtrail/registry-client';
import { defaultCache, openEmbeddedRedis } from '../../../packages/embedded-redis/src/index.ts';
import { openRegistrySimulator } from '../../../packages/registry-simulator/src/index.ts';
import { openBreakableLink } from '../../../packages/redis-connection/src/testing/breakable-link.ts';
import { openProbe } from '../../../packages/image-stream-redis/src/testing/open-store-for-test.ts';
import { produce } from '../../producer/src/produce.ts';
import { createWake } from '../../producer/src/wake.ts';
import { wakeOnChanges } from '../../producer/src/wake-on-changes.ts';
import { writeStatus } from '../../status-writer/src/write-status.ts';
import { keepHouse } from '../../status-writer/src/keep-house.ts';
import { runImport } from './run-import.ts';

const SETTINGS = { defaultInterval: 900_000, minimumInterval: 1000, hostIntervals: {}, retryBase: 1000 };
const folder = await mkdtemp(join(tmpdir(), 'tagtrail-test-'));
const open = async () => openEmbeddedRedis({ folder, cache: await defaultCache(process.env), environment: process.env });
let server = await open();
const link = await openBreakableLink(server.url);
const url = link.url;
const sim = await openRegistrySimulator();
const logger = createLogger({ name: 'chaos', level: process.env['LEVEL'] ?? 'error', format: 'json' });
const stop = new AbortController();
let looked = 0; let lookedAt = Date.now(); let enq = 0; let com = 0;
setInterval(() => { console.error('TICK', { looked, enq, com, since: Date.now() - lookedAt }); }, 5000).unref();
const silent = { enqueued(n: number) { enq += n; }, held() {}, progressed() {}, touched() {}, committed() { com++; }, contended() {}, buried() {}, imported() { looked++; lookedAt = Date.now(); } };
const loops: Promise<unknown>[] = [];
const parts: AsyncDisposable[] = [];
async function producer() {
  const store = await openImageStreamRedis({ url, name: 'p' }); const queue = await openImportQueue({ url }); const results = await openResultLog({ url, consumer: randomUUID() });
  parts.push(results, queue, store);
  const wake = createWake();
  loops.push(produce({ ...store, queue, results, wake, logger, metrics: silent }, { lease: 4000, perHost: 16, highWater: 1000, tick: 200 }, stop.signal), wakeOnChanges({ streams: store.streams, wake, logger }, stop.signal));
}
async function writer() {
  const store = await openImageStreamRedis({ url, name: 'w' }); const results = await openResultLog({ url, consumer: randomUUID() });
  parts.push(results, store);
  loops.push(writeStatus({ ...store, results, logger, metrics: silent, settings: SETTINGS, historyLimit: 5 }, { batchSize: 50, batchWait: 20, claimIdle: 3000, maxDeliveries: 20 }, stop.signal), keepHouse({ results, images: store.images, logger }, stop.signal));
}
async function worker() {
  const store = await openImageStreamRedis({ url, name: 'k' }); const results = await openResultLog({ url, consumer: randomUUID() });
  const registry = openRegistryClient({ userAgent: 't' });
  const source = await openImportJobSource({ url, concurrency: 16, onError: (e) => logger.warn({ err: e }, 'q') });
  parts.push(source, registry, results, store);
  loops.push(source.run((job, s) => { if (Math.random() < 0.02) return Promise.reject(new Error('killed before')); return runImport(job, { registry, images: store.images, results, metrics: silent, deadline: 2000 }, s).then(() => { if (Math.random() < 0.03) throw new Error('killed after append'); }); }, stop.signal));
}
await producer(); await producer(); await writer(); await writer(); await worker(); await worker();
const api = await openImageStreamRedis({ url, name: 'api' });
const N = 20, T = 5;
const retry = async <R>(f: () => Promise<R>): Promise<R> => { for (;;) { try { return await f(); } catch (e) { if (e instanceof StoreError && e.retryable) continue; throw e; } } };
const repos = ['a', 'b', 'c'].map((r) => `chaos/${r}`);
for (const r of repos) for (let t = 0; t < T; t++) sim.push(r, `v${t}`);
const def = (name: string, repo: string, suspended = false) => { const d = decodeImageStream({ metadata: { name, namespace: 'demo', annotations: { 'tagtrail.dev/schedule': '1s', ...(suspended ? { 'tagtrail.dev/suspend': 'true' } : {}) } }, spec: { tags: Array.from({ length: T }, (_, t) => ({ name: `t${t}`, from: { kind: 'DockerImage', name: `${sim.host}/${repo}:v${t}` }, importPolicy: { scheduled: true, insecure: true } })) } }); if (!d.ok) throw 1; return d.stream; };
const want = new Map<string, { repo: string; suspended: boolean }>();
async function put(name: string, repo: string, suspended = false) {
  for (;;) {
    const key = { namespace: 'demo', name };
    const cur = await retry(() => api.streams.read(key));
    const checks = cur ? await retry(() => api.checks.readChecks(cur.metadata.uid ?? '')) : new Map();
    const ctx = { now: Date.now(), uid: randomUUID(), settings: SETTINGS, checks };
    const input = def(name, repo, suspended);
    const w = cur ? replaceImageStream(cur, input, ctx) : createImageStream(input, ctx);
    if (!w.ok) throw 2;
    const r = await retry(() => api.streams.commit(w.change));
    if (r.kind === 'committed') break;
  }
  want.set(name, { repo, suspended });
}
async function del(name: string) {
  for (;;) { const key = { namespace: 'demo', name }; const cur = await retry(() => api.streams.read(key)); if (!cur) break; const checks = await retry(() => api.checks.readChecks(cur.metadata.uid ?? '')); const r = await retry(() => api.streams.commit(deleteImageStream(cur, checks))); if (r.kind === 'committed') break; }
  want.delete(name);
}
const pick = <X>(xs: readonly X[]) => xs[Math.floor(Math.random() * xs.length)] as X;
for (let i = 0; i < N; i++) await put(`s${i}`, pick(repos));
const end = Date.now() + Number(process.argv[2] ?? 30) * 1000;
let restarts = 0, edits = 0, dels = 0, wipes = 0, cuts = 0, damages = 0;
while (Date.now() < end) {
  const dice = Math.random();
  const name = `s${Math.floor(Math.random() * N)}`;
  if (dice < 0.3) sim.push(pick(repos), `v${Math.floor(Math.random() * T)}`);
  else if (dice < 0.55) { await put(name, pick(repos), Math.random() < 0.15); edits++; }
  else if (dice < 0.62) { await del(name); dels++; if (Math.random() < 0.7) await put(name, pick(repos)); }
  else if (dice < 0.66) { const p = openProbe(url); try { const k = await p.keys('{tagtrail-queue}*'); if (k.length) await p.del(...k); wipes++; } catch {} p.disconnect(); }
  else if (dice < 0.70) { const p = openProbe(url); try { await p.del('{tagtrail-queue}:imports:wait'); wipes++; } catch {} p.disconnect(); }
  else if (dice < 0.72) { link.drop(); cuts++; }
  else if (dice < 0.74) { const p = openProbe(url); try { const cur = await api.streams.read({ namespace: 'demo', name }); const k = `{tagtrail}:checks:${cur?.metadata.uid}`; if (cur) { await (Math.random() < 0.5 ? p.hset(k, 't0', 'junk') : p.hdel(k, 't1')); damages++; } } catch {} p.disconnect(); }
  else if (dice < 0.745) { process.kill(server.pid, 'SIGKILL'); await server.exited; server = await open(); const pw = new URL(url).searchParams.get('password') ?? ''; const p = openProbe(server.url); await p.config('SET', 'requirepass', pw); p.disconnect(); link.retarget(server.url); restarts++; }
  else await new Promise((r) => setTimeout(r, 30));
}
for (const [name, { repo, suspended }] of want) if (suspended) await put(name, repo);
console.log({ restarts, edits, dels, wipes, cuts, damages, pushes: sim.pushes.length, requests: sim.requests.length });
const latest = (repo: string, t: number) => sim.pushes.filter((p) => p.repository === repo && p.tag === `v${t}`).at(-1)?.digest;
const began = Date.now(); let wrong: string[] = [];
while (Date.now() - began < 30_000) {
  wrong = [];
  for (const [name, { repo }] of want) { const s = await api.streams.read({ namespace: 'demo', name }); for (let t = 0; t < T; t++) { const head = s?.status.tags?.find((l) => l.tag === `t${t}`)?.items?.[0]; if (head?.image !== latest(repo, t) || !head?.dockerImageReference.includes(repo)) wrong.push(`${name}:t${t}`); } }
  if (wrong.length === 0) break;
  await new Promise((r) => setTimeout(r, 200));
}
console.log('settled after', Date.now() - began, 'ms; wrong:', wrong);
// second: everything keeps being looked at
const mark = Date.now(); await new Promise((r) => setTimeout(r, 9000));
const stale: string[] = [];
for (const name of want.keys()) { const s = await api.streams.read({ namespace: 'demo', name }); const c = await api.checks.readChecks(s?.metadata.uid ?? ''); for (let t = 0; t < T; t++) if ((c.get(`t${t}`)?.lastChecked ?? 0) < mark) stale.push(`${name}:t${t}`); }
console.log('not looked at lately:', stale);
stop.abort(); await Promise.all(loops);
const { resourceVersion } = await api.streams.list({});
const p = openProbe(url);
const log = await p.xrange('{tagtrail}:log', '-', '+'); let gap = 0; log.forEach(([id], i) => { if (i && Number(id.split('-')[0]) !== Number(log[i - 1]![0].split('-')[0]) + 1) gap++; });
let dup = 0; for (const name of want.keys()) { const s = await api.streams.read({ namespace: 'demo', name }); for (let t = 0; t < T; t++) { const h = await api.streams.history({ namespace: 'demo', name, uid: s?.metadata.uid ?? '', tag: `t${t}` }, { offset: 0, limit: 1000 }); for (let i = 1; i < h.length; i++) if (h[i]!.image === h[i - 1]!.image) dup++; } }
console.log({ resourceVersion, logEntries: log.length, gap, dup, dead: await p.xlen('{tagtrail}:dead-letters'), keys: await p.dbsize() });
while ((await api.images.collect(1000)) > 0);
await api.images.collect(1000);
const uids = new Set<string>(); for (const name of want.keys()) uids.add((await api.streams.read({ namespace: 'demo', name }))?.metadata.uid ?? '');
const orphans = (await p.keys('{tagtrail}:*')).filter((k) => /:(checks|history|histories):/.test(k)).filter((k) => !uids.has(k.split(':')[2] ?? ''));
console.log({ orphans: orphans.length, deleted: await p.llen('{tagtrail}:deleted') });
let badUsers = 0, lost = 0; const images = new Map<string, Set<string>>();
for (const name of want.keys()) { const s = await api.streams.read({ namespace: 'demo', name }); const uid = s?.metadata.uid ?? ''; for (let t = 0; t < T; t++) for (const e of await api.streams.history({ namespace: 'demo', name, uid, tag: `t${t}` }, { offset: 0, limit: 1000 })) { const set = images.get(e.image) ?? new Set(); images.set(e.image, set.add(`${uid}:t${t}`)); } }
for (const k of await p.keys('{tagtrail}:image-users:*')) { const d = k.slice('{tagtrail}:image-users:'.length); const have = new Set(await p.hkeys(k)); const wantU = images.get(d) ?? new Set(); for (const u of have) if (!wantU.has(u)) badUsers++; for (const u of wantU) if (!have.has(u)) lost++; }
for (const d of images.keys()) if ((await p.pttl(`{tagtrail}:image:${d}`)) !== -1) lost++;
let badLease = 0; for (const k of await p.keys('{tagtrail}:leases:*')) for (const m of await p.zrange(k, '0', '-1')) if ((await p.zscore(k.replace('leases', 'due'), m)) === null) badLease++;
console.log({ images: images.size, badUsers, lost, badLease });
process.exit(0);
