import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openScriptedServer,
  type ScriptedServer,
} from '../../../../packages/api-client/src/testing/scripted-server.ts';
import { json, openScriptedApi, type ScriptedApi } from '../testing/scripted-api.ts';

const REPORT = {
  blobs: 3,
  bytes: 5_000_000,
  quota: 20_000_000,
  served: {
    record: { count: 6, bytes: 3_000 },
    copy: { count: 3, bytes: 9_000_000 },
    upstream: { count: 1, bytes: 1_000_000 },
  },
  hitRate: 0.9,
  bytesSaved: 9_003_000,
  lastKnownGood: 0,
  downloads: 1,
  downloadedBytes: 1_000_000,
};
const streams = (repository: string) =>
  json(200, {
    kind: 'ImageStreamList',
    apiVersion: 'image.openshift.io/v1',
    metadata: {},
    items: [{ metadata: { name: 'web' }, spec: {}, status: { dockerImageRepository: repository } }],
  });

let api: ScriptedApi;
let registry: ScriptedServer;
beforeEach(async () => {
  api = await openScriptedApi();
  registry = await openScriptedServer();
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

const host = () => new URL(registry.url).host;

describe('storage', () => {
  it('shows what the registry says that streams are pulled from', async () => {
    registry.script(json(200, REPORT));
    const { exitCode, stdout } = await api.run('storage', streams(`${host()}/demo/web`));
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').map((line) => line.trimEnd())).toEqual([
      'WHAT                   COUNT   SIZE',
      'copies                 3       5MB',
      'quota                  25 %    20MB',
      'served from records    6       3kB',
      'served from copies     3       9MB',
      'served from upstream   1       1MB',
      'without upstream       90 %    -',
      'last known good        0       -',
      'downloads              1       1MB',
      'saved                  -       9.003MB',
      '',
    ]);
    expect(registry.requests[0]?.headers.authorization).toBe('Bearer t');
  });

  it('has the whole answer for programs', async () => {
    registry.script(json(200, REPORT));
    const { stdout } = await api.run(`storage --registry ${host()} -o json`);
    expect(JSON.parse(stdout)).toEqual(REPORT);
  });

  it('shows nothing that has no sense before the first pull', async () => {
    registry.script(json(200, { ...REPORT, hitRate: null, quota: 0 }));
    const { stdout } = await api.run(`storage --registry ${host()}`);
    expect(stdout).toMatch(/without upstream +- +-/);
    expect(stdout).toMatch(/quota +0 % +0B/);
  });
});

describe('storage collect', () => {
  it.each([
    ['storage collect', '', 'took away 2 copies, 2kB'],
    ['storage collect --dry-run', '?dryRun=true', 'would take away 2 copies, 2kB'],
  ])('%s says what goes', async (line, search, words) => {
    registry.script(json(200, { dryRun: true, blobs: 2, bytes: 2_000, digests: ['sha256:a'] }));
    const { stdout } = await api.run(`${line} --registry ${host()}`);
    expect(stdout).toBe(`${words}\n  sha256:a\n  and 1 more\n`);
    const [request] = registry.requests;
    expect(`${request?.method} ${request?.url.pathname}${request?.url.search}`).toBe(
      `POST /tagtrail/v1/storage/collect${search}`,
    );
  });

  it('counts one as one, and answers programs', async () => {
    const report = { dryRun: false, blobs: 1, bytes: 1, digests: ['sha256:a'] };
    registry.script(json(200, report));
    const { stdout } = await api.run(`storage collect --registry ${host()}`);
    expect(stdout).toBe('took away 1 copy, 1B\n  sha256:a\n');
    const structured = await api.run(`storage collect --registry ${host()} -o json`);
    expect(JSON.parse(structured.stdout)).toEqual(report);
  });
});

describe('what goes wrong', () => {
  it.each([
    ['storage', 'nobody says where the registry is; name it with --registry HOST:PORT'],
    ['storage --registry ftp://x', '--registry ftp://x is no host and no http:// or https:// URL'],
    [
      'storage --registry http://registry.example.com',
      '--registry registry.example.com: a token is not sent over plain http; use https',
    ],
    ['storage --registry http://127.0.0.1:1', 'cannot ask the registry at http://127.0.0.1:1: '],
  ])('%s', async (line, message) => {
    const { exitCode, stderr } = await api.run(line, streams(''));
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`error: ${message}`);
  });

  it.each([
    [403, { errors: [{ message: 'not yours' }] }, 'not yours'],
    [404, { errors: 'none' }, 'it is no registry of Tagtrail'],
    [200, undefined, 'it is no registry of Tagtrail'],
  ])('is told in the words of the registry, if it is one: %i', async (status, body, words) => {
    registry.script((response) => {
      response.writeHead(status).end(body === undefined ? '<html>' : JSON.stringify(body));
    });
    const { stderr } = await api.run(`storage --registry ${registry.url}`);
    expect(stderr).toBe(`error: the registry at ${registry.url} answered ${status}: ${words}\n`);
  });

  it('is not read beyond a megabyte', async () => {
    registry.script((response) => {
      response.end('x'.repeat(1024 * 1024 + 1));
    });
    const { stderr } = await api.run(`storage --registry ${registry.url}`);
    expect(stderr).toBe(`error: ${registry.url} answered too much to be a registry of Tagtrail\n`);
  });
});
