import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../free-port.ts';
import { sha256, upstreamContent } from './breaking-upstream.ts';
import { definition, digestsOf } from './definitions.ts';
import {
  eventually,
  type Installation,
  openInstallation,
  type RunningApp,
} from './installation.ts';

const UPSTREAM = fileURLToPath(new URL('./breaking-upstream.ts', import.meta.url));
/** Pulls of each of the 50 blobs, all at once. */
const PULLS_OF_EACH = 10;
/** Kills of the registry, and of the upstream. */
const CRASHES = 6;
/** ms between two kills, drawn evenly: downloads last about as long. */
const BETWEEN = { least: 150, most: 900 };
/** ms for copies to be in their place once nothing breaks any more. */
const CALM = 15_000;
/** ms for everything to be pulled in the end. */
const LIMIT = 120_000;

const folder = mkdtempSync(join(tmpdir(), 'tagtrail-pull-chaos-'));
const { layers } = upstreamContent();
const asked: string[] = [];
let tagtrail: Installation;
let upstream: ChildProcess;
let upstreamPort = 0;
let registry: RunningApp;
let registryPort = 0;

beforeAll(async () => {
  [upstreamPort, registryPort] = [await freePort(), await freePort()];
  upstream = await startUpstream();
  tagtrail = await openInstallation(
    { api: 1, producer: 1, worker: 1, 'status-writer': 1 },
    {
      TAGTRAIL_REGISTRY_FOLDER: folder,
      TAGTRAIL_REGISTRY_PORT: String(registryPort),
      TAGTRAIL_REGISTRY_ANONYMOUS_NAMESPACES: 'demo',
    },
  );
  const sources = Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [
      `t${index}`,
      `127.0.0.1:${upstreamPort}/shop/app:t${index}`,
    ]),
  );
  await tagtrail.client.streams.create(definition('app', sources));
  await eventually(async () => {
    const stream = await tagtrail.client.streams.get({ namespace: 'demo', name: 'app' });
    return Object.keys(sources).every((tag) => digestsOf(stream, tag).length > 0) || undefined;
  }, LIMIT);
  registry = await tagtrail.start('registry');
  asked.length = 0;
});
afterAll(async () => {
  upstream?.kill('SIGKILL');
  await tagtrail?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function startUpstream(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [UPSTREAM, String(upstreamPort)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const listening = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'listening') listening.resolve();
    else asked.push(line.replace('blob ', ''));
  });
  await listening.promise;
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** Kills one or the other, and starts it again, until it was done often enough. */
async function breakThings(): Promise<void> {
  for (let count = 0; count < CRASHES * 2; count += 1) {
    const wait = BETWEEN.least + Math.random() * (BETWEEN.most - BETWEEN.least);
    await new Promise((resolve) => setTimeout(resolve, wait));
    if (count % 2 === 0) {
      await kill(registry.child);
      registry = await tagtrail.start('registry');
    } else {
      await kill(upstream);
      upstream = await startUpstream();
    }
  }
}

interface Tally {
  broken: number;
  readonly wrong: string[];
}

/** Pulls a blob until it has all of it; what ended as complete must be right. */
async function pull(digest: string, end: number, tally: Tally): Promise<void> {
  for (;;) {
    if (performance.now() > end) throw new Error(`${digest} was not pulled in ${LIMIT} ms`);
    try {
      const reply = await fetch(`http://127.0.0.1:${registryPort}/v2/demo/app/blobs/${digest}`);
      const bytes = Buffer.from(await reply.arrayBuffer());
      if (reply.status === 200) {
        if (sha256(bytes) !== digest) tally.wrong.push(digest);
        return;
      }
      expect([429, 502, 503], `status ${reply.status}`).toContain(reply.status);
    } catch (error) {
      if (error instanceof Error && error.name === 'AssertionError') throw error;
    }
    tally.broken += 1;
    await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 400));
  }
}

function storedFiles(): readonly string[] {
  return readdirSync(join(folder, 'blobs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

it(
  '500 pulls of 50 blobs end whole and right, whoever is killed meanwhile, and each blob is asked for once and once more per crash',
  async () => {
    const tally: Tally = { broken: 0, wrong: [] };
    const end = performance.now() + LIMIT;
    const pulls = layers.flatMap((digest) =>
      Array.from({ length: PULLS_OF_EACH }, () => pull(digest, end, tally)),
    );
    const breaking = breakThings();
    await Promise.all([...pulls, breaking]);
    expect(tally.wrong).toEqual([]);
    // That nothing ever broke would mean that nothing was tried.
    expect(tally.broken).toBeGreaterThan(0);
    // A registry that was killed between the last byte and the copy has no copy.
    await Promise.all(layers.map((digest) => pull(digest, end, tally)));
    await eventually(async () => storedFiles().length === layers.length || undefined, CALM);
    const most = Math.max(...layers.map((digest) => asked.filter((one) => one === digest).length));
    expect(most).toBeLessThanOrEqual(1 + CRASHES * 2);
    for (const file of storedFiles()) {
      expect(sha256(readFileSync(file))).toBe(`sha256:${file.split('/').at(-1)}`);
    }
    expect(new Set(storedFiles().map((file) => `sha256:${file.split('/').at(-1)}`))).toEqual(
      new Set(layers),
    );
    process.stdout.write(
      `${asked.length} downloads of ${layers.length} blobs, ${most} at most of one; ${tally.broken} pulls broken off in ${CRASHES * 2} crashes\n`,
    );
  },
  LIMIT * 1.5,
);
