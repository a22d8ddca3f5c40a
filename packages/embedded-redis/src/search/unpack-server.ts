import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { childEnvironment, type Environment } from '../environment.ts';
import { makeFolder } from '../make-folder.ts';
import { openPrivateApt, type PrivateApt } from './apt.ts';
import { findProgram } from './find-program.ts';
import { libraryFolders, missingLibraries, packagesForLibrary } from './missing-libraries.ts';
import { probeServer, type ServerSearch } from './redis-server.ts';
import { UNPACK_PREFIX, unpackedFolder, unpackedServer } from './unpacked-server.ts';

export interface UnpackOptions {
  readonly cache: string;
  readonly environment: Environment;
  readonly onNotice: (line: string) => void;
}

/** Package names by release: Debian and Ubuntu carry redis, newer releases also or only valkey; the binary is in the tools. */
const CANDIDATES = [
  { packages: ['redis-server', 'redis-tools'], program: 'usr/bin/redis-server' },
  { packages: ['valkey-server', 'valkey-tools'], program: 'usr/bin/valkey-server' },
] as const;

/** A library may need a library: Debian 12 needs one round, one without libssl two. */
const LIBRARY_ROUNDS = 5;

/**
 * Downloads a server with apt, as whoever we are, and unpacks it into `cache`.
 *
 * Everything happens in a folder of its own, renamed into place when it runs: two of these at once, or one killed half way,
 * leave either a whole server or none.
 */
export async function unpackServer(options: UnpackOptions): Promise<ServerSearch> {
  try {
    await makeFolder(options.cache);
    const work = await mkdtemp(join(options.cache, UNPACK_PREFIX));
    try {
      return await unpackInto(work, options);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { ok: false, reason: `nothing can be unpacked into ${options.cache}: ${words}` };
  }
}

async function unpackInto(work: string, options: UnpackOptions): Promise<ServerSearch> {
  const opening = await openPrivateApt(work, options.environment);
  if (!opening.ok) return opening;
  options.onNotice(`downloading redis-server with apt into ${options.cache} (once)`);
  const root = join(work, 'root');
  const found = await unpackCandidate(opening.apt, root, options.environment);
  return found.ok ? publish(root, options) : found;
}

async function unpackCandidate(
  apt: PrivateApt,
  root: string,
  environment: Environment,
): Promise<ServerSearch> {
  const updated = await apt.update();
  // One broken third-party source fails the update, yet leaves good lists of the others: go on, and keep the words.
  const reasons = updated.ok ? [] : [`apt-get update: ${updated.failure}`];
  for (const { packages, program } of CANDIDATES) {
    await rm(root, { recursive: true, force: true });
    const unpacked = await apt.unpack(packages, root);
    if (!unpacked.ok) {
      reasons.push(`apt-get download ${packages.join(' ')}: ${unpacked.failure}`);
      continue;
    }
    await addLibraries(apt, { root, program, server: packages[1], environment });
    const found = await probeServer(join(root, program), await libraryFolders(root));
    if (found.ok) return found;
    reasons.push(found.reason);
  }
  return { ok: false, reason: reasons.join('; ') };
}

interface LibrarySearch {
  readonly root: string;
  readonly program: string;
  readonly server: string;
  readonly environment: Environment;
}

/** Adds the packages of the libraries that the loader misses; what stays missing shows when the server is probed. */
async function addLibraries(apt: PrivateApt, search: LibrarySearch): Promise<void> {
  const ldd = await findProgram('ldd', search.environment);
  if (!ldd) return;
  const names = await apt.dependencies(search.server);
  for (let round = 0; round < LIBRARY_ROUNDS; round += 1) {
    const libraries = await libraryFolders(search.root);
    const env = childEnvironment(search.environment, search.root);
    if (libraries) env['LD_LIBRARY_PATH'] = libraries;
    const missing = await missingLibraries(ldd, join(search.root, search.program), env);
    const packages = missing.flatMap((soname) => packagesForLibrary(soname, names));
    if (packages.length === 0) return;
    const added = await apt.unpack([...new Set(packages)], search.root);
    if (!added.ok) return;
  }
}

/** Moves the tree to its place. Another process may have been faster; a tree that no longer runs makes way. */
async function publish(root: string, options: UnpackOptions): Promise<ServerSearch> {
  const target = await unpackedFolder(options.cache);
  const inPlace = await moveInto(root, target);
  const found = await unpackedServer(options.cache);
  if (found.ok || inPlace) return found;
  await rename(target, `${root}-replaced`).catch(() => {}); // gone by now is as good
  return (await moveInto(root, target)) ? unpackedServer(options.cache) : found;
}

/** False when something is there already: rename never replaces a folder that isn't empty. */
async function moveInto(root: string, target: string): Promise<boolean> {
  try {
    await rename(root, target);
    return true;
  } catch {
    return false;
  }
}
