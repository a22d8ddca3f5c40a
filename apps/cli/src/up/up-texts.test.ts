import { PassThrough } from 'node:stream';
import { createApiClient } from '@tagtrail/api-client';
import { forbidden } from '@tagtrail/apimachinery';
import { expect, it } from 'vitest';
import { openScriptedServer } from '../../../../packages/api-client/src/testing/scripted-server.ts';
import { parseManifests } from '../manifests/parse-manifests.ts';
import { openOutput } from '../terminal/output.ts';
import { refuse } from '../testing/scripted-api.ts';
import { bannerLines } from './banner.ts';
import { applyExamples } from './demo.ts';
import { printMoves } from './print-moves.ts';

const REFUSED = refuse(403, forbidden('not today'));

/** An API that refuses everything. */
async function openRefusingApi() {
  const server = await openScriptedServer();
  server.script(REFUSED);
  return { server, streams: createApiClient({ server: server.url, token: 't' }).streams };
}

it('the banner says where to look and how to stop', () => {
  const folder = { path: '', shown: './d', kubeconfig: '', tokenFile: '', redis: '', registry: '' };
  const lines = bannerLines(
    {
      version: '0.1.0',
      startTime: 2_340,
      folder: { ...folder, secretKeyFile: '', certificates: '', logs: '' },
      redis: 'redis-server 7.0.15',
      port: 8420,
      registryPort: 5420,
      simulator: { url: 'http://127.0.0.1:5451', every: '3s' },
      command: 'tagtrail',
      isDefaultFolder: true,
    },
    { colors: false },
  );
  expect(lines).toEqual(
    expect.arrayContaining([
      '  token      ./d/token  the page asks for it',
      '  queue      http://127.0.0.1:8420/queue-metrics.json',
      '  registry   127.0.0.1:5420  images by stream; docker login -u tagtrail takes the token',
      '  simulator  http://127.0.0.1:5451/v2/  a registry with made-up images; moves a tag every 3s',
      '  logs       ./d/logs/',
      'In another terminal:',
      'Ctrl-C stops everything; the records stay.',
    ]),
  );
});

it('an example that the API refuses is named, and the next one is tried', async () => {
  const { server, streams } = await openRefusingApi();
  const manifests = parseManifests('kind: ImageStream\n---\nkind: ImageStream\n', 'web.yaml')
    .flatMap((entry) => (entry.ok ? [entry.manifest] : []))
    .map((manifest) => ({ ...manifest, name: 'web', namespace: 'demo' }));
  const said: string[] = [];
  const simulator = {
    name: 'registry',
    args: [],
    prepare: () => Promise.reject(new Error('never started')),
  };
  const plan = { manifests, moving: [], still: [] };
  const demo = { url: '', every: '3s', simulator, plan };
  await applyExamples(streams, demo, (line) => said.push(line));
  expect(said).toEqual([
    expect.stringMatching(/^web\.yaml: document 1 cannot be applied: .*not today/u),
    expect.stringMatching(/^web\.yaml: document 2 cannot be applied: .*not today/u),
  ]);
  await server[Symbol.asyncDispose]();
});

it('moves that cannot be read are missed aloud', async () => {
  const { server, streams } = await openRefusingApi();
  const stop = new AbortController();
  const output = openOutput(
    { stdout: new PassThrough(), stderr: new PassThrough() },
    { noColor: true, onReaderGone: () => undefined },
  );
  const said: string[] = [];
  await printMoves({
    streams,
    ledger: undefined,
    output,
    format: undefined,
    say: (line) => {
      said.push(line);
      stop.abort();
    },
    signal: stop.signal,
    since: 0,
    onStart: () => undefined,
  });
  expect(said).toEqual([
    expect.stringMatching(/^moves are not shown for the moment: .*not today/u),
  ]);
  await server[Symbol.asyncDispose]();
});
