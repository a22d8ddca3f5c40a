import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { startCommand } from '../../e2e/command-process.ts';
import { outputOf, programsOnPath } from '../../e2e/real-programs.ts';
import { openImagePublisher } from '../../e2e/registry-images.ts';
import { freePort } from '../../free-port.ts';
import { endedChildrenCpuSeconds } from './ended-children-cpu-seconds.ts';
import { missingPrograms } from './missing-programs.ts';
import { type RegistryPlace, TAG } from './registry-user.ts';
import type { ScriptChild } from './script-child.ts';
import type { Turn, TurnOrder, Work } from './user-turns.ts';

const REPOSITORY = 'bench/app';
const ROUNDS = 7;
/** Of one turn. One of skopeo's takes some 20 ms of CPU, and the kernel tells them in steps of 10 ms. */
const COUNTS = { check: 1_000, import: 500, skopeo: 20 } as const;

/** A turn of checks, one of imports and one of skopeo's, one after the other. */
export interface SkopeoRound {
  readonly check: Turn;
  readonly import: Turn;
  readonly skopeo: Turn;
}

export type SkopeoLooks =
  | { readonly kind: 'measured'; readonly version: string; readonly rounds: readonly SkopeoRound[] }
  /** `reason` says which programs are missing. */
  | { readonly kind: 'left-out'; readonly reason: string };

/**
 * Our client beside `skopeo inspect --no-tags` at Debian's docker-registry. What skopeo does for a look is a program
 * that starts, asks for manifest and config, and ends; ours is already there.
 */
export async function lookBesideSkopeo(tagtrail: ScriptChild<TurnOrder>): Promise<SkopeoLooks> {
  const reason = missingPrograms('docker-registry', 'skopeo');
  if (reason !== undefined) return { kind: 'left-out', reason };
  await using opened = new AsyncDisposableStack();
  const home = mkdtempSync(join(tmpdir(), 'tagtrail-bench-'));
  opened.defer(() => rmSync(home, { recursive: true, force: true }));
  const place = await openDockerRegistry(opened, home);
  const ask = (work: Work) =>
    tagtrail.ask<Turn>({ side: 'tagtrail', place, work, count: COUNTS[work] });
  const round = async (): Promise<SkopeoRound> => ({
    check: await ask('check'),
    import: await ask('import'),
    skopeo: await inspect(place, home),
  });
  // The first only warms up.
  await round();
  const rounds: SkopeoRound[] = [];
  for (let done = 0; done < ROUNDS; done += 1) rounds.push(await round());
  const version = await outputOf(skopeo(), ['--version'], { home });
  return { kind: 'measured', version: version.trim(), rounds };
}

function skopeo(): string {
  const [program = ''] = programsOnPath('skopeo');
  return program;
}

/** Over plain HTTP, with one image in it. */
async function openDockerRegistry(
  opened: AsyncDisposableStack,
  home: string,
): Promise<RegistryPlace> {
  const host = `127.0.0.1:${await freePort()}`;
  const settings = join(home, 'registry.yml');
  const storage = { filesystem: { rootdirectory: join(home, 'storage') } };
  writeFileSync(settings, stringify({ version: 0.1, storage, http: { addr: host } }));
  const [program = ''] = programsOnPath('docker-registry');
  const server = opened.use(startCommand({ program, args: ['serve', settings] }));
  await server.line(/listening on/);
  await using publisher = await openImagePublisher(host, home);
  const { digest } = await publisher.publish(REPOSITORY, TAG);
  return { host, repositories: [REPOSITORY], manifestDigest: digest, configDigest: '' };
}

/** One program after the other. */
async function inspect({ host }: RegistryPlace, home: string): Promise<Turn> {
  const image = `docker://${host}/${REPOSITORY}:${TAG}`;
  const args = ['--insecure-policy', 'inspect', '--no-tags', '--tls-verify=false', image];
  const count = COUNTS.skopeo;
  const [start, before] = [performance.now(), endedChildrenCpuSeconds()];
  for (let run = 0; run < count; run += 1) await outputOf(skopeo(), args, { home });
  const wall = (performance.now() - start) / 1_000;
  return { count, wall, cpu: endedChildrenCpuSeconds() - before };
}
