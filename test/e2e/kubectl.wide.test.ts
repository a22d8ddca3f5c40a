import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { freePort } from '../free-port.ts';
import { startCommand, TAGTRAIL } from './command-process.ts';
import { outputOf, programsOnPath, runProgram } from './real-programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'tagtrail-kubectl-'));
const dataFolder = join(folder, 'data');
const kubeconfig = join(dataFolder, 'kubeconfig');

const opened = new AsyncDisposableStack();
let simulator: RegistrySimulator;

beforeAll(async () => {
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  simulator = opened.use(await openRegistrySimulator());
  const port = await freePort();
  const args = ['up', '--data-dir', dataFolder, '--port', String(port)];
  const up = opened.use(startCommand({ program: TAGTRAIL, args, cwd: folder }));
  await up.line(/^tagtrail \S+ is up after /);
});
afterAll(() => opened.disposeAsync());

function manifest(name: string, source: string): string {
  const from = { kind: 'DockerImage', name: `${simulator.host}/${source}` };
  return stringify({
    kind: 'ImageStream',
    apiVersion: 'image.openshift.io/v1',
    metadata: { name },
    spec: { tags: [{ name: 'latest', from, importPolicy: { insecure: true } }] },
  });
}

describe.each(programsOnPath('kubectl'))('%s', (kubectl) => {
  /** Streams of one kubectl do not meet those of the next. */
  const id = programsOnPath('kubectl').indexOf(kubectl);
  const base = ['--kubeconfig', kubeconfig];
  const run = (args: readonly string[], input?: string) =>
    outputOf(kubectl, [...base, ...args], { home: folder, ...(input && { input }) });
  const image = '-o=jsonpath={.status.tags[0].items[0].image}{"\\n"}';

  /** Follows the image of a stream, a digest a line. By selector: of a single name kubectl drops the first event. */
  const followImage = (name: string) => {
    const args = ['get', 'is', '--field-selector', `metadata.name=${name}`, '-w', image];
    return startCommand({ program: kubectl, args: [...base, ...args] });
  };

  async function createRecorded(name: string): Promise<string> {
    const { digest } = simulator.push(`${name}/app`, 'latest');
    expect(await run(['create', '-f', '-'], manifest(name, `${name}/app:latest`))).toBe(
      `imagestream.image.openshift.io/${name} created\n`,
    );
    await using follower = followImage(name);
    await follower.line(new RegExp(`^${digest}$`));
    return digest;
  }

  it('creates a stream and shows its record as a table and as YAML', async () => {
    const name = `made-${id}`;
    const digest = await createRecorded(name);
    const table = await run(['get', 'is', name]);
    expect(table.split('\n')[0]).toMatch(/^NAME +IMAGE REPOSITORY +TAGS +UPDATED *$/);
    expect(table.split('\n')[1]).toMatch(new RegExp(`^${name} +latest +\\S.* ago$`));
    const stream = parse(await run(['get', 'is', name, '-o', 'yaml']));
    expect(stream.status.tags[0].items).toEqual([
      {
        created: expect.any(String),
        dockerImageReference: `${simulator.host}/${name}/app@${digest}`,
        image: digest,
        generation: 2,
      },
    ]);
  });

  it('replaces a definition, and the edited source is imported', async () => {
    const name = `edited-${id}`;
    await createRecorded(name);
    const { digest } = simulator.push(`${name}/other`, 'v2');
    await using follower = followImage(name);
    expect(await run(['replace', '-f', '-'], manifest(name, `${name}/other:v2`))).toBe(
      `imagestream.image.openshift.io/${name} replaced\n`,
    );
    await follower.line(new RegExp(`^${digest}$`));
  });

  it('watches until the stream is deleted', async () => {
    const name = `watched-${id}`;
    await createRecorded(name);
    const args = [...base, 'get', 'is', '-w', '--output-watch-events'];
    await using watcher = startCommand({ program: kubectl, args });
    await watcher.line(new RegExp(`^ADDED +${name} `));
    expect(await run(['delete', 'is', name])).toBe(
      `imagestream.image.openshift.io "${name}" deleted\n`,
    );
    await watcher.line(new RegExp(`^DELETED +${name} `));
  });

  it('is told in its own words that a stream is unknown', async () => {
    const gone = await runProgram(kubectl, [...base, 'get', 'is', 'nope'], { home: folder });
    expect(gone.stderr).toContain(
      'Error from server (NotFound): imagestreams.image.openshift.io "nope" not found',
    );
    expect(gone.code).toBe(1);
  });
});
