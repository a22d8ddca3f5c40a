import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { libraryFolders } from './missing-libraries.ts';
import { probeServer, type ServerSearch } from './redis-server.ts';

/** Names of folders in which an unpacking is under way. */
export const UNPACK_PREFIX = 'unpack-';

/** An unpacking is bounded by its time limits (minutes): a folder this old was left by a killed one. */
const ABANDONED_AFTER = 60 * 60_000;

/** Where the server for this release and architecture is kept: one home may serve several machines. */
export async function unpackedFolder(cache: string): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const word = (key: string) => new RegExp(`^${key}="?([\\w.-]+)"?$`, 'm').exec(text)?.[1];
  const release = `${word('ID') ?? process.platform}-${word('VERSION_ID') ?? 'rolling'}`;
  return join(cache, `redis-${release}-${process.arch}`);
}

/** The server an earlier start unpacked, if it is there and still runs. */
export async function unpackedServer(cache: string): Promise<ServerSearch> {
  await sweepAbandoned(cache);
  const root = await unpackedFolder(cache);
  const seen = await stat(root).catch(() => undefined);
  if (!seen) return { ok: false, reason: `${root} is not there yet` };
  const libraries = await libraryFolders(root);
  const reasons: string[] = [];
  for (const name of ['redis-server', 'valkey-server']) {
    const found = await probeServer(join(root, 'usr/bin', name), libraries);
    if (found.ok) return found;
    reasons.push(found.reason);
  }
  return { ok: false, reason: reasons.join('; ') };
}

async function sweepAbandoned(cache: string): Promise<void> {
  const names = await readdir(cache).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(UNPACK_PREFIX))) {
    const folder = join(cache, name);
    const seen = await stat(folder).catch(() => undefined);
    if (seen && Date.now() - seen.mtimeMs > ABANDONED_AFTER) {
      await rm(folder, { recursive: true, force: true }).catch(() => {}); // another start sweeps too
    }
  }
}
