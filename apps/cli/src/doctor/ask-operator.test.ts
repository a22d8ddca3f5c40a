import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  issueTestCertificate,
  trustTestCertificate,
} from '../../../../packages/registry-client/src/testing/test-certificate.ts';
import { type CommandResult, runCommand } from '../testing/scripted-api.ts';
import { askOperator } from './ask-operator.ts';
import { readSubject } from './read-subject.ts';
import { type Clinic, openClinic } from './testing/open-clinic.ts';

const PASSWORD = 'planted-password-51c2';
const robot = { username: 'robot', password: PASSWORD };
const certificate = issueTestCertificate();
trustTestCertificate(certificate);

const path = process.env['PATH'];
let clinic: Clinic;
let folder: string;

beforeAll(async () => {
  clinic = await openClinic(certificate);
  clinic.simulator.requireAuth('basic', robot);
  folder = await mkdtemp(join(tmpdir(), 'tagtrail-helpers-'));
  process.env['PATH'] = `${folder}:${path}`;
});

afterAll(async () => {
  process.env['PATH'] = path;
  await rm(folder, { recursive: true });
  await clinic[Symbol.asyncDispose]();
});

/** With a credential helper that runs `script`. */
async function doctorWith(script: string): Promise<CommandResult> {
  const program = join(folder, 'docker-credential-planted');
  await writeFile(program, `#!/bin/sh\n${script}\n`);
  await chmod(program, 0o755);
  const settings = join(folder, 'tagtrail.yaml');
  await writeFile(settings, `registries:\n  credentialHelpers: { '${clinic.secure}': planted }\n`);
  return runCommand(['doctor', `${clinic.secure}/team/app:v1`, '--config', settings]);
}

describe('a credential helper', () => {
  it('is named where it brings a credential', async () => {
    const { exitCode, stdout } = await doctorWith(
      `echo '{"Username":"robot","Secret":"${PASSWORD}"}'`,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      `- a credential for ${clinic.secure} from the credential helper planted is shown to ${clinic.secure}\n`,
    );
    expect(stdout).not.toContain(PASSWORD);
  });

  it('that fails has a step of its own, and the way to the registry is examined all the same', async () => {
    const { exitCode, stdout, stderr } = await doctorWith(`echo ${PASSWORD}; exit 7`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' });
    expect(stdout).toMatch(/^tcp +ok /m);
    expect(stdout).toMatch(/^tls +ok /m);
    expect(stdout).toMatch(/^ping +ok .*GET \/v2\/ is answered with 401$/m);
    const failed = 'the credential helper planted failed: it ended with 7';
    expect(stdout).toMatch(/^credentials +failed +the credential helper planted failed: /m);
    expect(stdout).toContain(
      `${failed}; run "echo ${clinic.secure} | docker-credential-planted get" on the worker's machine to see why\n`,
    );
    expect(stdout).toContain(
      '- a worker fails with that before it asks the registry; what is told here was seen without credentials\n',
    );
    expect(stdout).toContain('- it is asked anonymously, because the credentials failed\n');
    expect(stdout).toContain('cannot be followed: see credentials');
    expect(stdout).not.toContain('give the workers one');
    expect(stdout).not.toContain(PASSWORD);
  });

  it('that fails is a failure for a registry that asks nobody, too', async () => {
    clinic.simulator.requireAuth('none');
    const { exitCode, stdout } = await doctorWith('exit 7');
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^head +ok /m);
    clinic.simulator.requireAuth('basic', robot);
  });
});

it('what is no failure of credentials is not taken for one', async () => {
  const { target } = readSubject('quay.io', false);
  const broken = () => Promise.reject(new TypeError('bug'));
  await expect(askOperator(broken, target, undefined)).rejects.toThrow('bug');
});
