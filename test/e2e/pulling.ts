import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageStream } from '@tagtrail/image-stream';
import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { definition, digestsOf } from './definitions.ts';
import {
  eventually,
  type Installation,
  openInstallation,
  type RunningApp,
} from './installation.ts';

/** ms for a first import on a busy machine. */
const LIMIT = 20_000;

/** A whole Tagtrail with a pull-through registry, beside a simulated upstream. */
export interface Pulling extends AsyncDisposable {
  readonly simulator: RegistrySimulator;
  readonly tagtrail: Installation;
  readonly registry: PullRegistry;
  /** Follows tags of the simulator, given as `repository:tag`, and resolves when each has its first event. */
  follow(
    name: string,
    tags: Readonly<Record<string, string>>,
    more?: Following,
  ): Promise<ImageStream>;
}

/** How a stream is made. */
export interface Following {
  readonly namespace?: string;
  readonly importMode?: 'Legacy' | 'PreserveOriginal';
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A running registry of Tagtrail's own. */
export interface PullRegistry {
  readonly app: RunningApp;
  /** `http://127.0.0.1:41234`. */
  readonly url: string;
  /** Of its copies. */
  readonly folder: string;
  /** With the token of the API, unless other headers say who asks. */
  get(path: string, init?: RequestInit): Promise<Response>;
}

/** `settings` reach all parts of Tagtrail. */
export async function openPulling(
  settings: Readonly<Record<string, string>> = {},
): Promise<Pulling> {
  await using opening = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'tagtrail-pulling-'));
  opening.defer(() => rmSync(folder, { recursive: true, force: true }));
  const simulator = opening.use(await openRegistrySimulator());
  const counts = { api: 1, producer: 1, worker: 1, 'status-writer': 1 };
  const own = { TAGTRAIL_REGISTRY_FOLDER: folder, ...settings };
  const tagtrail = opening.use(await openInstallation(counts, own));
  const registry = await startRegistry(tagtrail, folder);
  const opened = opening.move();
  return {
    simulator,
    tagtrail,
    registry,
    follow: (name, tags, more) => follow({ simulator, tagtrail }, { name, tags, ...more }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** Starts one more registry on the same folder. */
export async function startRegistry(
  tagtrail: Installation,
  folder: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<PullRegistry> {
  const app = await tagtrail.start('registry', settings);
  const listening = app.lines.find((line) => line['msg'] === 'listening');
  const url = String(listening?.['url']);
  return {
    app,
    url,
    folder,
    get: (path, init = {}) => {
      const headers = new Headers(init.headers);
      if (!headers.has('authorization')) headers.set('authorization', `Bearer ${tagtrail.token}`);
      return fetch(`${url}${path}`, { ...init, headers });
    },
  };
}

interface Wish extends Following {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

async function follow(
  { simulator, tagtrail }: Pick<Pulling, 'simulator' | 'tagtrail'>,
  { name, tags, namespace = 'demo', importMode = 'PreserveOriginal', annotations }: Wish,
): Promise<ImageStream> {
  const sources = Object.entries(tags).map(([tag, source]) => [tag, `${simulator.host}/${source}`]);
  const made = definition(name, Object.fromEntries(sources));
  const spec = {
    ...made.spec,
    tags: (made.spec.tags ?? []).map((tag) => ({
      ...tag,
      importPolicy: { ...tag.importPolicy, importMode },
    })),
  };
  const metadata = { ...made.metadata, namespace, ...(annotations && { annotations }) };
  await tagtrail.client.streams.create({ ...made, metadata, spec });
  return eventually(async () => {
    const stream = await tagtrail.client.streams.get({ namespace, name });
    const isThere = Object.keys(tags).every((tag) => digestsOf(stream, tag).length > 0);
    return isThere ? stream : undefined;
  }, LIMIT);
}
