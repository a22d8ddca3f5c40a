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
/** Of Tagtrail's own. */
let registry: string;

beforeAll(async () => {
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  simulator = opened.use(await openRegistrySimulator());
  const port = await freePort();
  const registryPort = String(await freePort());
  registry = `127.0.0.1:${registryPort}`;
  const ports = ['--port', String(port), '--registry-port', registryPort];
  const args = ['up', '--data-dir', dataFolder, ...ports];
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
    // `up` runs a registry, too, and that is where streams are pulled from.
    const row = `^${name} +${registry}/default/${name} +latest +\\S.* ago$`;
    expect(table.split('\n')[1]).toMatch(new RegExp(row));
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

  it('creates, shows, replaces and deletes credentials', async () => {
    const name = `regcred-${id}`;
    const account = ['--docker-username=robot', '--docker-password=hunter2'];
    const registry = ['create', 'secret', 'docker-registry', name, '--docker-server=quay.io'];
    expect(await run([...registry, ...account])).toBe(`secret/${name} created\n`);
    const [header = '', ...rows] = (await run(['get', 'secrets'])).split('\n');
    expect(header).toMatch(/^NAME +TYPE +DATA +AGE *$/);
    expect(rows).toContainEqual(
      expect.stringMatching(new RegExp(`^${name} +kubernetes.io/dockerconfigjson +1 +\\d+s *$`)),
    );
    const secret = parse(await run(['get', 'secret', name, '-o', 'yaml']));
    const file = JSON.parse(Buffer.from(secret.data['.dockerconfigjson'], 'base64').toString());
    expect(file.auths['quay.io']).toMatchObject({ username: 'robot', password: 'hunter2' });
    const labelled = { ...secret, metadata: { ...secret.metadata, labels: { made: 'anew' } } };
    expect(await run(['replace', '-f', '-'], stringify(labelled))).toBe(
      `secret/${name} replaced\n`,
    );
    expect(await run(['get', 'secrets', '-A', '-l', 'made=anew', '-o', 'name'])).toContain(name);
    expect(await run(['delete', 'secret', name])).toMatch(
      new RegExp(`^secret "${name}" deleted( from \\w+ namespace)?\\n$`),
    );
  });

  it('is told what a secret must be', async () => {
    const args = [...base, 'create', 'secret', 'generic', `plain-${id}`, '--from-literal=a=b'];
    const refused = await runProgram(kubectl, args, { home: folder });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('type: Unsupported value: "Opaque": supported values: ');
  });

  it('is told in its own words that a stream is unknown', async () => {
    const gone = await runProgram(kubectl, [...base, 'get', 'is', 'nope'], { home: folder });
    expect(gone.stderr).toContain(
      'Error from server (NotFound): imagestreams.image.openshift.io "nope" not found',
    );
    expect(gone.code).toBe(1);
  });
});
