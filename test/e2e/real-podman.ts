import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { outputOf, programsOnPath, runProgram } from './real-programs.ts';

export interface PodmanPull {
  readonly reference: string;
  readonly options: readonly string[];
  /** Where it may work. */
  readonly folder: string;
}

/** Why podman cannot pull from a registry without TLS, in its own words; undefined when it can. Containers may forbid what it needs. */
export async function probePodman(reference: string, folder: string): Promise<string | undefined> {
  using storage = openStorage(folder);
  const args = [...storage.options, 'pull', '--quiet', '--tls-verify=false', reference];
  const { code, stderr } = await runProgram(programOf(), args, { home: folder });
  return code === 0 ? undefined : stderr.trim();
}

/** Pulls and unpacks into an empty storage; resolves with the digest that the image then has. */
export async function pullWithPodman({ reference, options, folder }: PodmanPull): Promise<string> {
  using storage = openStorage(folder);
  const podman = (...args: readonly string[]) =>
    outputOf(programOf(), [...storage.options, ...args], { home: folder });
  const id = await podman('pull', '--quiet', ...options, reference);
  return (await podman('image', 'inspect', '--format', '{{.Digest}}', id.trim())).trim();
}

function programOf(): string {
  return programsOnPath('podman')[0] ?? '';
}

/** A storage of plain folders: it needs neither overlay mounts nor cgroups. */
function openStorage(folder: string): Disposable & { readonly options: readonly string[] } {
  const place = mkdtempSync(join(folder, 'podman-'));
  const root = ['--root', join(place, 'root'), '--runroot', join(place, 'run')];
  const drivers = ['--storage-driver', 'vfs', '--cgroup-manager', 'cgroupfs'];
  return {
    options: [...root, ...drivers],
    [Symbol.dispose]: () => rmSync(place, { recursive: true, force: true }),
  };
}
