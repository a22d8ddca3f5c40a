import { join } from 'node:path';
import { definition, digestsOf } from '../../e2e/definitions.ts';
import {
  eventually,
  type Installation,
  openInstallation,
  type RunningApp,
} from '../../e2e/installation.ts';
import { type BenchImage, NAMESPACE } from './pull-content.ts';

/** ms for all tags to be recorded, on a busy machine. */
const IMPORT_LIMIT = 60_000;
const RECORDERS = ['api', 'status-writer', 'worker', 'producer'] as const;

/** Tagtrail's registry with everything recorded, and nobody beside it but Redis. */
export interface RecordedRegistry extends AsyncDisposable {
  /** `127.0.0.1:41234`. */
  readonly host: string;
  readonly pid: number | undefined;
  /** Of its copies. */
  readonly folder: string;
  /** What its Redis calls itself. */
  readonly redis: string;
  /** A token as docker gets it for a pull: for the token of the API, by Basic, for this repository. */
  token(repository: string): Promise<string>;
}

/** Records the images at `upstream` (`127.0.0.1:41234`) with a whole Tagtrail, stops it, and starts the registry. */
export async function openRecordedRegistry(
  images: readonly BenchImage[],
  { upstream, home }: { readonly upstream: string; readonly home: string },
): Promise<RecordedRegistry> {
  await using opening = new AsyncDisposableStack();
  const folder = join(home, 'copies');
  const tagtrail = opening.use(await openInstallation({}, { TAGTRAIL_REGISTRY_FOLDER: folder }));
  await record(tagtrail, images, upstream);
  const app = await tagtrail.start('registry');
  const url = String(app.lines.find((line) => line['msg'] === 'listening')?.['url']);
  const opened = opening.move();
  return {
    ...{ host: new URL(url).host, pid: app.child.pid, folder, redis: tagtrail.redis.server },
    token: (repository) => askForToken(url, tagtrail.token, repository),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

async function record(
  tagtrail: Installation,
  images: readonly BenchImage[],
  upstream: string,
): Promise<void> {
  const apps: RunningApp[] = [];
  for (const name of RECORDERS) apps.push(await tagtrail.start(name));
  for (const [repository, tags] of Map.groupBy(images, (image) => image.repository)) {
    const name = repository.slice(NAMESPACE.length + 1);
    const sources = tags.map(({ tag }) => [tag, `${upstream}/${repository}:${tag}`]);
    const wanted = definition(name, Object.fromEntries(sources), { namespace: NAMESPACE });
    await tagtrail.client.streams.create(wanted);
    await eventually(async () => {
      const stream = await tagtrail.client.streams.get({ namespace: NAMESPACE, name });
      return tags.every(({ tag }) => digestsOf(stream, tag).length > 0) ? true : undefined;
    }, IMPORT_LIMIT);
  }
  await Promise.all(apps.map((app) => app.stop()));
}

async function askForToken(url: string, apiToken: string, repository: string): Promise<string> {
  const scope = encodeURIComponent(`repository:${repository}:pull`);
  const authorization = `Basic ${Buffer.from(`docker:${apiToken}`).toString('base64')}`;
  const reply = await fetch(`${url}/token?service=tagtrail&scope=${scope}`, {
    headers: { authorization },
  });
  if (!reply.ok) throw new Error(`no token for ${repository}: ${reply.status}`);
  const { token } = (await reply.json()) as { readonly token: string };
  return token;
}
