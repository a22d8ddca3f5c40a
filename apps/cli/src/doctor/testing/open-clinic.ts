import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import {
  issueTestCertificate,
  type TestCertificate,
} from '../../../../../packages/registry-client/src/testing/test-certificate.ts';
import { type CommandResult, runCommand } from '../../testing/scripted-api.ts';
import { openTlsFront } from './tls-front.ts';

/** A registry to examine, over plain HTTP and over TLS, and a place for credentials. */
export interface Clinic extends AsyncDisposable {
  readonly simulator: RegistrySimulator;
  /** `127.0.0.1:port` of the same registry over TLS. */
  readonly secure: string;
  /** Where {@link login} keeps the credentials. */
  readonly authFile: string;
  /** From now on `host` has this entry in the auth file. */
  login(host: string, entry: object): Promise<void>;
  /** Runs `doctor` with the settings of the place. */
  doctor(...args: readonly string[]): Promise<CommandResult>;
  /** What `-o json` says, by the name of the step. */
  steps(...args: readonly string[]): Promise<Readonly<Record<string, PrintedStep>>>;
}

/** A step as `-o json` prints it. */
export interface PrintedStep {
  readonly name: string;
  readonly verdict: string;
  readonly milliseconds?: number;
  readonly seen: string;
  readonly remarks: readonly string[];
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** The certificate is trusted only if the test makes it so. */
export async function openClinic(
  certificate: TestCertificate = issueTestCertificate(),
): Promise<Clinic> {
  // The command loads the worker when it first runs: seconds on a busy machine, which no test should be blamed for.
  await import('../run-doctor.ts');
  const simulator = await openRegistrySimulator();
  simulator.push('team/app', 'v1');
  const front = await openTlsFront(certificate, Number(new URL(simulator.url).port));
  const folder = await mkdtemp(join(tmpdir(), 'tagtrail-doctor-'));
  const authFile = join(folder, 'auth.json');
  const settings = join(folder, 'tagtrail.yaml');
  const entries: Record<string, object> = {};
  const write = () => writeFile(authFile, JSON.stringify({ auths: entries }));
  await write();
  await writeFile(
    settings,
    `registries:\n  authFile: ${authFile}\n  privateAddresses: allowed\n  privateRegistries: ['*:*']\n`,
  );
  const doctor = (...args: readonly string[]) =>
    runCommand(['doctor', ...args, '--config', settings]);
  return {
    simulator,
    secure: front.host,
    authFile,
    login: (host, entry) => {
      entries[host] = entry;
      return write();
    },
    doctor,
    steps: async (...args) => {
      const { stdout } = await doctor(...args, '-o', 'json');
      const { steps }: { readonly steps: readonly PrintedStep[] } = JSON.parse(stdout);
      return Object.fromEntries(steps.map((step) => [step.name, step]));
    },
    async [Symbol.asyncDispose]() {
      await front[Symbol.asyncDispose]();
      await simulator[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
