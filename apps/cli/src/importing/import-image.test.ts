import { once } from 'node:events';
import { badRequest, conflict, notFound, timeout } from '@tagtrail/apimachinery';
import { INSECURE_REPOSITORY_ANNOTATION } from '@tagtrail/image-stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import {
  type Answer,
  json,
  openScriptedApi,
  refuse,
  type ScriptedApi,
} from '../testing/scripted-api.ts';
import { reportImport } from './import-report.ts';
import { demoStream, failedImport, imageTag, importedRuby } from './testing/an-import.ts';

const NAMESPACE = '/apis/image.openshift.io/v1/namespaces/demo';
const POST = `POST ${NAMESPACE}/imagestreamimports`;
const resource = {
  group: 'image.openshift.io',
  resource: 'imagestreams',
  kind: 'ImageStream',
  name: 'web',
};
const GET = `GET ${NAMESPACE}/imagestreams/web`;

const gone = refuse(404, notFound(resource));
const lostRace = refuse(409, conflict(resource, 'the image stream was updated from "7" to "8"'));
const found = json(200, demoStream({}));
const imported = json(201, importedRuby);
const done = 'imagestream.image.openshift.io/my-ruby imported\n\nName:\t\t\tmy-ruby\n';

let api: ScriptedApi;

beforeEach(async () => {
  api = await openScriptedApi();
});

afterEach(() => api[Symbol.asyncDispose]());

const body = (request: number) => JSON.parse(api.requests[request]?.body ?? '');

describe('import-image', () => {
  it('imports into a stream that is not there yet, and prints what came of it', async () => {
    const { exitCode, stdout, stderr } = await api.run(
      'import-image web --from=example.com/ruby --confirm=true',
      gone,
      imported,
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`${reportImport(importedRuby, { dryRun: false, now: Date.now() }).text}\n`);
    expect(stdout.startsWith(done)).toBe(true);
    expect(api.dialogue()).toEqual([GET, POST]);
    expect(api.requests[1]?.url.search).toBe('');
    expect(body(1)).toEqual({
      kind: 'ImageStreamImport',
      apiVersion: 'image.openshift.io/v1',
      metadata: { name: 'web', namespace: 'demo', creationTimestamp: null },
      spec: {
        import: true,
        images: [
          {
            from: { kind: 'DockerImage', name: 'example.com/ruby' },
            to: { name: 'latest' },
            importPolicy: { importMode: 'Legacy' },
            referencePolicy: { type: 'Source' },
          },
        ],
      },
      status: {},
    });
  });

  it('sends what its options say', async () => {
    const line = 'import-image web:2 --from=docker.io/x/y:3 --insecure --scheduled=true --dry-run';
    const { stdout } = await api.run(
      `${line} --reference-policy=local --import-mode=PreserveOriginal`,
      found,
      imported,
    );
    expect(stdout).toMatch(/^\S+ imported \(dry run\)\n\n/u);
    expect(body(1)).toMatchObject({ metadata: { resourceVersion: '7' }, spec: { import: false } });
    expect(body(1).spec.images[0]).toMatchObject({
      to: { name: '2' },
      importPolicy: { insecure: true, scheduled: true, importMode: 'PreserveOriginal' },
      referencePolicy: { type: 'Local' },
    });
  });

  it('names what failed on stderr, and exits with 1', async () => {
    const { exitCode, stdout, stderr } = await api.run(
      'import-image bad --from=example.com/bad:1 --confirm',
      gone,
      json(201, failedImport),
    );
    expect(exitCode).toBe(1);
    expect(stdout.startsWith('imagestream.image.openshift.io/bad imported with errors\n\n')).toBe(
      true,
    );
    expect(stderr).toBe(
      'error: tag latest failed: dockerimage.image.openshift.io "example.com/bad:1" not found\nerror: imported completed with errors\n',
    );
  });

  it.each([
    ['', 'error: the image name must be a valid container image pull spec or', []],
    [' web --request-timeout=soon', 'error: Invalid timeout value. Timeout must be', []],
    [
      ' web --from https://quay.io/a',
      'error: invalid --from "https://quay.io/a": invalid reference format; write [REGISTRY/]REPOSITORY[:TAG], without https://\n',
      [],
    ],
    [' web --dry-run=server', 'error: --dry-run takes true or false, not "server"\n', []],
    [' web', 'error: no image stream named "web" exists, pass --confirm to', [GET]],
  ])('refuses "import-image%s"', async (args, problem, requests) => {
    const { exitCode, stdout, stderr } = await api.run(`import-image${args}`, gone);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr.startsWith(problem)).toBe(true);
    expect(api.dialogue()).toEqual(requests);
  });

  it('prints the answer of the server when asked to', async () => {
    const asked = (format: string) => api.run(`import-image web -o ${format}`, found, imported);
    expect(JSON.parse((await asked('json')).stdout)).toEqual(importedRuby);
    expect(parse((await asked('yaml')).stdout)).toEqual(importedRuby);
    expect((await asked('name')).stdout).toBe('imagestream.image.openshift.io/my-ruby\n');
  });

  it('exits with 1 when something failed, whatever is printed', async () => {
    const answer = json(201, failedImport);
    const { exitCode, stdout, stderr } = await api.run('import-image bad -o json', found, answer);
    expect([exitCode, JSON.parse(stdout)]).toEqual([1, failedImport]);
    expect(stderr).toMatch(
      /^error: tag latest failed: .*\nerror: imported completed with errors\n$/u,
    );
  });
});

describe('import-image of a stream that changes meanwhile', () => {
  it('reads it again and decides again', async () => {
    const later = json(200, {
      ...demoStream({ tags: [imageTag('latest', 'quay.io/new')] }),
      metadata: { name: 'web', namespace: 'demo', resourceVersion: '8' },
    });
    const script = [found, lostRace, later, imported];
    expect((await api.run('import-image web', ...script)).exitCode).toBe(0);
    expect(api.dialogue()).toEqual([GET, POST, GET, POST]);
    expect(body(1).spec.images[0].from.name).toBe('quay.io/acme/app:latest');
    expect(body(3).metadata.resourceVersion).toBe('8');
    expect(body(3).spec.images[0].from.name).toBe('quay.io/new');
  });

  it('says no when what it is then forbids it', async () => {
    const { stderr } = await api.run('import-image web', found, lostRace, gone);
    expect(stderr).toBe(
      'error: no image stream named "web" exists, pass --confirm to create and import\n',
    );
  });

  it('takes no other refusal for a lost race', async () => {
    const { exitCode, stderr } = await api.run(
      'import-image web',
      found,
      refuse(400, badRequest('odd')),
    );
    expect([exitCode, stderr]).toEqual([1, 'Error from server (BadRequest): odd\n']);
    expect(api.dialogue()).toEqual([GET, POST]);
  });
});

describe('import-image that takes its time', () => {
  it('says how to look later when the server waits no longer', async () => {
    const late = refuse(504, timeout('not imported within 30s: latest; the import goes on'));
    expect(await api.run('import-image web', found, late)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'Error from server (Timeout): Timeout: not imported within 30s: latest; the import goes on; look later with `tagtrail describe is web`\n',
    });
  });

  it('waits no longer than told', async () => {
    const { exitCode, stderr } = await api.run(
      'import-image web --request-timeout=100ms',
      found,
      () => undefined,
    );
    expect([exitCode, stderr]).toEqual([
      1,
      'error: no answer within 0.1 s (--request-timeout): tag latest may still be imported; look later with `tagtrail describe is web`\n',
    ]);
  });

  it('waits no longer than told for the stream either, and sends nothing then', async () => {
    const line = 'import-image web --request-timeout=100ms';
    expect(await api.run(line, () => undefined)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'error: no answer within 0.1 s (--request-timeout) while the image stream was read: no import was sent\n',
    });
    expect(api.dialogue()).toEqual([GET]);
  });

  describe('on a terminal', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'performance'] }));
    afterEach(() => void vi.useRealTimers());

    /** An answer that comes after 1.5 s. */
    const slowly: Answer = (response, request) => {
      vi.advanceTimersByTime(1_500);
      return imported(response, request);
    };

    it('shows a person what it waits for, and clears that before it answers', async () => {
      const { stdout, stderr } = await api.runOnTerminal('import-image web', found, slowly);
      expect(stdout.startsWith(done)).toBe(true);
      const text = 'importing web:latest from quay.io/acme/app:latest';
      const blank = ' '.repeat(`${text}  1 s`.length);
      expect(stderr).toBe(`\r${text}\r${text}  1 s\r${blank}\r`);
    });

    it('shows nothing to programs', async () => {
      const asked = await api.runOnTerminal('import-image web -o json', found, slowly);
      expect(asked.stderr).toBe('');
      expect((await api.run('import-image web', found, slowly)).stderr).toBe('');
    });

    it('ends with 130 on Ctrl-C, closes its connection and leaves a clean line', async () => {
      let closed: Promise<unknown> | undefined;
      const interrupted: Answer = (response) => {
        closed = once(response, 'close');
        vi.advanceTimersByTime(1_500);
        process.emit('SIGINT', 'SIGINT');
      };
      const { exitCode, stdout, stderr } = await api.runOnTerminal(
        'import-image web',
        found,
        interrupted,
      );
      await closed;
      expect([exitCode, stdout]).toEqual([130, '']);
      expect(stderr).toMatch(
        /^\rimporting [^\n]* 1 s\r *\rnote: tag latest may still be imported; look later with `tagtrail describe is web`\n$/u,
      );
    });
  });
});

describe('import-image and insecure registries', () => {
  const annotated = json(
    200,
    demoStream({ annotations: { [INSECURE_REPOSITORY_ANNOTATION]: 'true' } }),
  );

  it('says that the annotation of the stream outranks --insecure=false', async () => {
    const { exitCode, stderr } = await api.run(
      'import-image web --insecure=false',
      annotated,
      imported,
    );
    expect(body(1).spec.images[0].importPolicy).toEqual({ importMode: 'Legacy' });
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^note: --insecure=false has no effect: the annotation [^\n]*\n$/u);
  });

  it('says in a line who else must trust the registry, and repeats no warning', async () => {
    const warned: Answer = (response) => {
      response.setHeader('warning', '299 - "prefer single tags"');
      response.writeHead(201).end(JSON.stringify(importedRuby));
    };
    const { stderr } = await api.run('import-image web --insecure', annotated, warned);
    expect(stderr).toMatch(/^Warning: prefer single tags\nnote: only the import trusts [^\n]*\n$/u);
    expect((await api.run('import-image web', annotated, imported)).stderr).toBe('');
    const line = 'import-image web --insecure -o name';
    expect((await api.run(line, annotated, imported)).stderr).toBe('');
  });
});
