import { openRegistry } from '@tagtrail/upstream-registries';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openScriptedServer } from '../../../../packages/registry-client/src/testing/scripted-server.ts';
import {
  issueTestCertificate,
  trustTestCertificate,
} from '../../../../packages/registry-client/src/testing/test-certificate.ts';
import { DialogueRecord } from './dialogue-record.ts';
import type { Step } from './examination.ts';
import { examine } from './examine.ts';
import { readSubject } from './read-subject.ts';
import { type Clinic, openClinic } from './testing/open-clinic.ts';

const certificate = issueTestCertificate();
trustTestCertificate(certificate);

let clinic: Clinic;

beforeAll(async () => {
  clinic = await openClinic(certificate);
});

afterAll(() => clinic[Symbol.asyncDispose]());

beforeEach(() => {
  clinic.simulator.faults.clear();
  clinic.simulator.requireAuth('none');
});

const tag = () => `${clinic.secure}/team/app:v1`;

describe('an examination', () => {
  async function examineWith(signal: AbortSignal): Promise<readonly Step[]> {
    const record = new DialogueRecord();
    await using registry = await openRegistry({ observe: record.observe });
    const subject = readSubject(tag(), false);
    const patient = {
      subject,
      registry,
      record,
      operator: { credentials: [], failure: undefined, authFile: undefined },
      remarks: [],
      deadline: 12_000,
      now: Date.now,
    };
    const steps: Step[] = [];
    for await (const step of examine({ ...patient, onAsk: () => undefined }, signal)) {
      steps.push(step);
    }
    return steps;
  }

  it('whose time is over tells what did not come in time', async () => {
    const late = AbortSignal.abort(new DOMException('late', 'TimeoutError'));
    const steps = await examineWith(late);
    expect(steps.find(({ verdict }) => verdict === 'failed')?.seen).toMatch(/in time$/);
  });

  it('that is ended tells nothing more', async () => {
    const reason = new Error('Ctrl-C');
    await expect(examineWith(AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe('what Tagtrail does about it is told', () => {
  const manifest = { route: 'manifest' } as const;
  const head = { ...manifest, method: 'HEAD' } as const;
  const get = { ...manifest, method: 'GET' } as const;

  it.each([
    [405, 'HEAD is refused with 405: manifests are asked for with GET, for an hour'],
    [
      404,
      'HEAD is answered with 404 and GET is not: manifests are asked for with GET, for an hour',
    ],
  ])('HEAD %d', async (headStatus, remark) => {
    clinic.simulator.faults.set(manifest, { headStatus });
    const steps = await clinic.steps(tag());
    expect(steps['head']).toMatchObject({ verdict: 'ok', remarks: [remark] });
  });

  it('HEAD without a digest', async () => {
    clinic.simulator.faults.set(manifest, { noDigestHeader: true });
    const steps = await clinic.steps(tag());
    expect(steps['head']?.remarks).toEqual([
      'HEAD brings no digest: manifests are asked for with GET, for an hour, and hashed',
    ]);
    expect(steps['get']?.remarks).toEqual([
      'GET brings no digest: it is computed from the content',
    ]);
  });

  it('GET with a wrong digest', async () => {
    clinic.simulator.faults.set(get, { wrongDigestHeader: true });
    const { get: step } = await clinic.steps(tag());
    expect(step).toMatchObject({ verdict: 'ok', facts: { headerMatches: false } });
    expect(step?.remarks[0]).toMatch(
      /^the header of GET names sha256:\w+: what was computed from the content counts$/,
    );
  });

  it('HEAD with a wrong digest, which no content has', async () => {
    clinic.simulator.faults.set(head, { wrongDigestHeader: true });
    const result = await clinic.doctor(tag());
    expect(result.exitCode).toBe(3);
    expect(result.stdout).toContain('app:v1 cannot be followed: see get');
  });

  it('a quota', async () => {
    clinic.simulator.faults.set(manifest, {
      headers: { 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '98;w=21600' },
    });
    const steps = await clinic.steps(tag());
    expect(steps['head']?.remarks).toEqual([
      'the registry counts: 98 of 100 pulls in 21600 s are left; a look is a HEAD, and GETs follow only what moved',
    ]);
  });

  it('until when it wants to be left alone', async () => {
    clinic.simulator.faults.set(manifest, { status: 429, retryAfter: 600 });
    const before = Date.now();
    const { head: step, tags } = await clinic.steps(tag());
    expect(step).toMatchObject({ verdict: 'failed', facts: { code: 'TooManyRequests' } });
    const [, until = ''] =
      /^the registry wants to be left alone: its tag is not looked at before (.*)$/.exec(
        step?.remarks[0] ?? '',
      ) ?? [];
    expect(Date.parse(until) - before).toBeGreaterThanOrEqual(600_000);
    expect(Date.parse(until) - before).toBeLessThan(660_000);
    expect(tags).toMatchObject({ verdict: 'skipped', seen: 'not asked after that' });
  });

  it('a limit without an end', async () => {
    clinic.simulator.faults.set(manifest, { status: 429 });
    const steps = await clinic.steps(tag());
    expect(steps['head']?.remarks).toEqual([
      'the registry does not say until when: look less often (schedule.hostIntervals)',
      'a tag there keeps its last image and is looked at again with growing pauses',
    ]);
  });

  it('a tag that is not there', async () => {
    const result = await clinic.doctor(`${clinic.secure}/team/app`);
    expect(result.exitCode).toBe(3);
    const steps = await clinic.steps(`${clinic.secure}/team/app`);
    expect(steps['head']?.seen).toContain('check its name, and whether it was deleted');
    expect(steps['tags']?.remarks).toEqual(['"latest" is not among them: v1']);
  });

  it('a list of tags that is refused, which single tags do not need', async () => {
    clinic.simulator.faults.set({ route: 'tags' }, { status: 405 });
    const result = await clinic.doctor(tag());
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toContain(
      '- tags are followed one by one all the same; only a stream cannot follow the whole repository',
    );
  });

  it('a list of tags that cannot be asked for by the thousand', async () => {
    clinic.simulator.faults.set({ route: 'tags', first: 1 }, { status: 413 });
    expect((await clinic.steps(tag()))['tags']).toMatchObject({
      verdict: 'ok',
      remarks: [
        'it refuses to be asked for so many at once: it is asked for as many as it likes to send',
      ],
    });
  });

  it('a list of tags whose repository is not there, and one that has to wait', async () => {
    clinic.simulator.faults.set({ route: 'tags' }, { status: 404 });
    expect((await clinic.steps(tag()))['tags']?.remarks).toEqual([
      'the repository is not there, or not for this client',
    ]);
    clinic.simulator.faults.set({ route: 'tags' }, { status: 429, retryAfter: 60 });
    expect((await clinic.steps(tag()))['tags']?.remarks[1]).toMatch(/^the registry wants to be/);
  });

  it('a ping that is not answered, which manifests do not need', async () => {
    clinic.simulator.faults.set({ route: 'ping' }, { status: 404 });
    const steps = await clinic.steps(tag());
    expect(steps['ping']).toMatchObject({
      verdict: 'ok',
      remarks: ['/v2/ is not needed: manifests are asked for all the same'],
    });
    expect((await clinic.doctor(clinic.secure)).exitCode).toBe(3);
    clinic.simulator.faults.set({ route: 'ping' }, { status: 403 });
    expect((await clinic.steps(tag()))['ping']?.remarks).toEqual([
      'the manifest decides: nothing else depends on it',
    ]);
  });

  it('pages of the list', async () => {
    clinic.simulator.faults.set(
      { route: 'tags' },
      { headers: { link: '</v2/team/app/tags/list?last=v1&n=1>; rel="next"' } },
    );
    const steps = await clinic.steps(tag());
    expect(steps['tags']).toMatchObject({
      seen: '1 on the first page, a next page by a relative Link',
      remarks: ['asked for 1000, it sends fewer: a list takes as many requests as it has pages'],
    });
  });

  it('a list that is sent at once', async () => {
    const tags = Array.from({ length: 1_001 }, (_, at) => `v${at}`);
    const body = JSON.stringify({ name: 'team/app', tags });
    clinic.simulator.faults.set({ route: 'tags' }, { body });
    const steps = await clinic.steps(tag());
    expect(steps['tags']?.remarks).toEqual([
      'asked for 1000, it sends all at once: lists of up to 4 MiB are read',
    ]);
  });

  it('a link with scheme and host', async () => {
    const link = `<https://${clinic.secure}/v2/team/app/tags/list?last=v1>; rel="next"`;
    clinic.simulator.faults.set({ route: 'tags' }, { headers: { link } });
    const { tags } = await clinic.steps(tag());
    expect(tags?.seen).toBe('1 on the first page, a next page by an absolute Link');
  });

  it('another host that serves the content', async () => {
    const { digest } = clinic.simulator.pushes.at(-1) ?? {};
    await using onward = await openScriptedServer(
      (request, response) =>
        request.url === '/v2/'
          ? response.end('{}')
          : response.writeHead(307, { location: `https://${clinic.secure}${request.url}` }).end(),
      certificate,
    );
    const { head: step } = await clinic.steps(`${onward.host}/team/app:v1`);
    expect(step).toMatchObject({
      seen: expect.stringContaining(`${digest}`),
      remarks: [`it is redirected to ${clinic.secure}: followed, and without credentials`],
    });
  });

  it('an image of long ago', async () => {
    const headers = { 'content-type': 'application/vnd.docker.distribution.manifest.v1+json' };
    clinic.simulator.faults.set(manifest, { headers });
    const { get: step } = await clinic.steps(tag());
    expect(step).toMatchObject({ verdict: 'failed', remarks: ['such images are not recorded'] });
  });

  it('both answers to a ping', async () => {
    clinic.simulator.requireAuth('basic', { username: 'robot', password: 'x' });
    await clinic.login(clinic.secure, { username: 'robot', password: 'x' });
    const { ping } = await clinic.steps(tag());
    expect(ping).toMatchObject({ seen: 'GET /v2/ is answered with 401, then with 200' });
    await clinic.login(clinic.secure, {});
  });
});
