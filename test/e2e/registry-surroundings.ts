import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageStream } from '@tagtrail/image-stream';
import { TAGTRAIL } from './command-process.ts';
import { digestsOf } from './definitions.ts';
import { eventually, type Installation, openInstallation } from './installation.ts';
import { type Finished, runProgram } from './real-programs.ts';
import { type ImagePublisher, openImagePublisher } from './registry-images.ts';
import { type RegistryPrograms, startRegistries } from './registry-programs.ts';

/** ms for what starts at once: a first import, or one of a tag on `1s`. The machine may be busy. */
const LIMIT = 20_000;

/** Where commands work. */
export const NAMESPACE = 'myproject';

/** A whole Tagtrail beside three registries with the same images. */
export interface RegistrySurroundings extends AsyncDisposable {
  readonly registries: RegistryPrograms;
  readonly images: ImagePublisher;
  readonly tagtrail: Installation;
  /** Runs a `tagtrail` command to its end, whatever that is. */
  attempt(args: readonly string[], input?: string): Promise<Finished>;
  /** The standard output of a command that must succeed. */
  run(args: readonly string[], input?: string): Promise<string>;
  /** The stream once it is as wanted. */
  streamThat(name: string, isSo: (stream: ImageStream) => boolean): Promise<ImageStream>;
  /** The stream once the newest image of a tag is this one. */
  streamAt(name: string, tag: string, digest: string): Promise<ImageStream>;
}

/** `settings` reach all parts of Tagtrail. */
export async function openSurroundings(
  settings: Readonly<Record<string, string>> = {},
): Promise<RegistrySurroundings> {
  await using opening = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'tagtrail-documented-'));
  opening.defer(() => rmSync(folder, { recursive: true, force: true }));
  const registries = opening.use(await startRegistries(folder));
  const images = opening.use(await openImagePublisher(registries.hosts['over plain HTTP'], folder));
  const counts = { api: 1, producer: 1, worker: 1, 'status-writer': 1 };
  const tagtrail = opening.use(
    await openInstallation(counts, {
      TAGTRAIL_REGISTRIES_AUTH_FILE: registries.authFile,
      NODE_EXTRA_CA_CERTS: registries.trustedCertificateFile,
      ...settings,
    }),
  );
  const opened = opening.move();
  return {
    registries,
    images,
    tagtrail,
    ...commandsFor(tagtrail, folder),
    ...waitsFor(tagtrail),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function commandsFor(
  { server, token }: Installation,
  home: string,
): Pick<RegistrySurroundings, 'attempt' | 'run'> {
  const connection = ['--server', server, '--token', token, '--namespace', NAMESPACE];
  const attempt = (args: readonly string[], input?: string) =>
    runProgram(TAGTRAIL, [...args, ...connection], { home, ...(input && { input }) });
  return {
    attempt,
    async run(args, input) {
      const { code, stdout, stderr } = await attempt(args, input);
      if (code === 0) return stdout;
      throw new Error(`tagtrail ${args.join(' ')} ended with ${code}: ${stderr}`);
    },
  };
}

function waitsFor({ client }: Installation): Pick<RegistrySurroundings, 'streamThat' | 'streamAt'> {
  const streamThat: RegistrySurroundings['streamThat'] = (name, isSo) =>
    eventually(async () => {
      const stream = await client.streams.get({ namespace: NAMESPACE, name });
      return isSo(stream) ? stream : undefined;
    }, LIMIT);
  return {
    streamThat,
    streamAt: (name, tag, digest) =>
      streamThat(name, (stream) => digestsOf(stream, tag)[0] === digest),
  };
}
