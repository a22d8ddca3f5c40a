import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openScriptedServer } from '../../../../packages/registry-client/src/testing/scripted-server.ts';
import {
  issueTestCertificate,
  trustTestCertificate,
} from '../../../../packages/registry-client/src/testing/test-certificate.ts';
import { readEnvironment } from '../config.ts';
import { runCli } from '../run-cli.ts';
import { type CommandResult, runCommand } from '../testing/scripted-api.ts';
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

/** The lines without their times, and the host by a name. */
function lines({ stdout }: CommandResult): readonly string[] {
  return stdout
    .replaceAll(clinic.secure, 'HOST')
    .replace(/ +[\d.]+ ms +/g, ' … ')
    .trimEnd()
    .split('\n');
}

describe('a registry in order', () => {
  it('is told step by step, and the exit code is 0', async () => {
    const { digest } = clinic.simulator.pushes.at(-1) ?? {};
    const result = await clinic.doctor(tag());
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    const type = 'application/vnd.oci.image.manifest.v1+json';
    expect(lines(result)).toEqual([
      'dns         skipped            127.0.0.1 is an address',
      'tcp         ok … connected to HOST',
      expect.stringMatching(
        /^tls {9}ok … TLSv1.3, for 127.0.0.1, from tagtrail test, until \d{4}-\d\d-\d\d \(1 days\)$/,
      ),
      expect.stringContaining('- the certificate ends soon; after that, looks fail with TLSError'),
      'ping        ok … GET /v2/ is answered with 200',
      'challenge   skipped            the registry asks nobody who they are',
      'token       skipped            none is needed',
      `head        ok … ${digest} (${type})`,
      expect.stringMatching(`^get {9}ok … \\d+ bytes, which hash to ${digest}$`),
      'tags        ok … 1 on the first page, that is all',
      '',
      'HOST/team/app:v1 can be followed',
    ]);
  });

  it('is told to programs with facts and times', async () => {
    const result = await clinic.doctor(tag(), '-o', 'json');
    expect(JSON.parse(result.stdout)).toMatchObject({
      subject: tag(),
      registry: clinic.secure,
      repository: 'team/app',
      reference: 'v1',
      insecure: false,
      healthy: true,
      conclusion: `${tag()} can be followed`,
    });
    const steps = await clinic.steps(tag());
    expect(steps['tls']).toMatchObject({
      milliseconds: expect.any(Number),
      facts: {
        mode: 'verified',
        trusted: true,
        protocol: 'TLSv1.3',
        names: ['127.0.0.1'],
        issuer: 'tagtrail test',
        validTo: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    });
    const digest = clinic.simulator.pushes.at(-1)?.digest;
    expect(steps['get']?.facts).toMatchObject({ digest, header: digest, headerMatches: true });
  });

  it('may be named alone', async () => {
    const result = await clinic.doctor(clinic.secure);
    expect(result.exitCode).toBe(0);
    expect(lines(result).at(-1)).toBe(
      'HOST answers; name a repository, too, to see whether its tags can be followed',
    );
  });

  it('has its name looked up', async () => {
    const { port } = new URL(clinic.simulator.url);
    const { dns } = await clinic.steps(`localhost:${port}/team/app:v1`, '--insecure');
    expect(dns).toMatchObject({ verdict: 'ok', facts: { addresses: expect.any(Array) } });
    expect(dns?.seen).toMatch(/^localhost is .*(127\.0\.0\.1|::1)/);
  });
});

describe('a connection that is not there', () => {
  it.each([
    [
      '127.0.0.1:1/x',
      'tcp',
      'connection refused',
      'check that the registry runs, its port, and what stands between',
    ],
    [
      'nowhere.invalid/x',
      'dns',
      'host name not found',
      'check the spelling, and the name servers of the machines where workers run',
    ],
    [
      '169.254.169.254/x',
      'dns',
      'link-local addresses are never contacted',
      'addresses where clouds keep credentials are no registries',
    ],
  ])('%s: %s', async (subject, name, seen, remark) => {
    const steps = await clinic.steps(subject);
    const step = steps[name];
    expect(step).toMatchObject({ verdict: 'failed', seen: expect.stringContaining(seen) });
    expect(step?.remarks[0]).toContain(remark);
    expect(steps['ping']).toMatchObject({
      verdict: 'skipped',
      seen: 'there is no connection',
    });
  });

  it('is one of plain http', async () => {
    await using server = await openScriptedServer((_, response) => response.end('{}'));
    const { host } = server;
    const { stdout } = await clinic.doctor(host);
    expect(stdout).toContain(`${host} cannot be used: see tls`);
    const refused = await clinic.steps(`${host}/team/app`);
    expect(refused['tls']).toMatchObject({
      verdict: 'failed',
      seen: 'the server does not answer with tls',
      remarks: [
        `if ${host} speaks plain http, set importPolicy.insecure on the tag; --insecure tries that here`,
        'a tag there keeps its last image and is looked at again with growing pauses',
      ],
    });
    const allowed = await clinic.steps(host, '--insecure');
    expect(allowed['tls']).toMatchObject({
      verdict: 'ok',
      seen: 'plain http, without TLS',
      remarks: [
        'plain http is spoken because insecure transport is allowed; credentials are not sent over it',
      ],
    });
  });

  it('is one whose certificate nobody trusts', async () => {
    await using stranger = await openClinic();
    const { doctor, secure } = stranger;
    const { exitCode, stdout } = await doctor(`${secure}/team/app:v1`);
    expect(exitCode).toBe(3);
    expect(stdout).toContain(
      'the certificate is self-signed; TLSv1.3, for 127.0.0.1, from tagtrail test',
    );
    expect(stdout).toContain(
      '- make the workers trust who issued it (registries.caFile names a file of authorities), or set importPolicy.insecure on the tag; --insecure tries that here',
    );
    const insecure = await doctor(`${secure}/team/app:v1`, '--insecure');
    expect(insecure.exitCode).toBe(0);
    expect(insecure.stdout).toContain(
      '- the certificate is self-signed: it is accepted because insecure transport is allowed',
    );
  });
});

describe('an examination', () => {
  it('ends with Ctrl-C, and tells no conclusion', async () => {
    clinic.simulator.faults.set({ route: 'manifest' }, { hang: true });
    clinic.simulator.clearRequests();
    const running = clinic.doctor(tag());
    await clinic.simulator.waitForRequest(({ route }) => route === 'manifest');
    process.emit('SIGINT', 'SIGINT');
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(130);
    expect(stdout).not.toContain('followed');
  });

  it('tells a person what it waits for', async () => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const terminal = Object.assign(stderr, { isTTY: true, columns: 200 });
    const told = text(stderr);
    stdout.resume();
    const variables = { TAGTRAIL_REGISTRIES_PRIVATE_ADDRESSES: 'allowed' };
    const environment = { ...readEnvironment(), variables };
    await runCli(['doctor', tag()], environment, { stdout, stderr: terminal });
    stderr.end();
    const lines = (await told).split('\r').map((line) => line.trim());
    expect(lines.filter((line) => line !== '')).toEqual(
      ['connection and /v2/', 'manifest, with HEAD', 'manifest, with GET', 'list of tags'].map(
        (what) => `asking ${clinic.secure}: ${what} …`,
      ),
    );
  });

  /** Lets a registry of this machine be asked. */
  const HERE = 'registries:\n  privateAddresses: allowed\n';

  /** With settings of its own. */
  async function doctorWith(settings: string): Promise<CommandResult> {
    const folder = await mkdtemp(join(tmpdir(), 'tagtrail-doctor-'));
    const file = join(folder, 'tagtrail.yaml');
    await writeFile(file, settings);
    const result = await runCommand(['doctor', tag(), '--config', file]);
    await rm(folder, { recursive: true });
    return result;
  }

  it('takes no longer for a step than a worker for a look', async () => {
    clinic.simulator.faults.set({ route: 'manifest' }, { hang: true });
    const { exitCode, stdout } = await doctorWith(`${HERE}import:\n  jobDeadline: 1s\n`);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('the deadline passed');
    expect(stdout).toContain('- a look has to be over within import.jobDeadline\n');
  });

  it('does not contact a registry of this machine where the settings refuse that', async () => {
    clinic.simulator.clearRequests();
    const { exitCode, stdout } = await doctorWith('registries:\n  privateAddresses: refused\n');
    expect(exitCode).toBe(3);
    expect(stdout).toContain('127.0.0.1: it leads to a private address, which is not contacted');
    expect(stdout).toContain(
      '- the operator can allow that with registries.privateAddresses or registries.privateRegistries\n',
    );
    expect(clinic.simulator.requests).toEqual([]);
  });

  it('contacts a registry of this machine where the settings leave that open, and tells that workers do not', async () => {
    const { exitCode, stdout } = await doctorWith('registries:\n  allowed: []\n');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      `- a private address: workers refuse it unless registries.privateRegistries names "${clinic.secure}", or they run under tagtrail up\n`,
    );
    const named = await doctorWith(`registries:\n  privateRegistries: ['${clinic.secure}']\n`);
    expect(named.exitCode).toBe(0);
    expect(named.stdout).not.toContain('private address');
  });

  it('never contacts addresses where clouds keep credentials', async () => {
    const { exitCode, stdout } = await runCommand(['doctor', '169.254.169.254/x']);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('link-local addresses are never contacted');
    expect(stdout).not.toContain('tagtrail up');
  });

  it('tells that workers ask a mirror', async () => {
    const mirror = `{ prefix: '${clinic.secure}/team', locations: [{ location: mirror.invalid/hub }] }`;
    const { exitCode, stdout } = await doctorWith(`${HERE}  mirrors: [${mirror}]\n`);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      `- workers ask mirror.invalid/hub first (registries.mirrors, ${clinic.secure}/team): not examined here\n`,
    );
  });

  it('needs the credentials that its settings name', async () => {
    expect(await doctorWith('registries:\n  authFile: /nowhere/auth.json\n')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: registries.authFile /nowhere/auth.json cannot be read: ENOENT\n',
    });
  });

  it.each([
    [
      'a b',
      'error: "a b" is not the host of a registry\nA registry is named by its host: quay.io, localhost:5000, docker.io\n',
    ],
    ['quay.io/UPPER', 'error: "quay.io/UPPER": repository name must be lowercase\n'],
  ])('needs a registry: %s', async (subject, stderr) => {
    expect(await clinic.doctor(subject)).toEqual({ exitCode: 1, stdout: '', stderr });
  });

  it('shows an example of itself', async () => {
    const { stdout, exitCode } = await clinic.doctor('--help');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('$ tagtrail doctor quay.io/prometheus/prometheus:latest');
  });
});
