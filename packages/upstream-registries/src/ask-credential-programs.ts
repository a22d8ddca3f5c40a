import { execFile } from 'node:child_process';
import {
  type Credential,
  type CredentialLookup,
  NO_CREDENTIALS,
  RegistryError,
} from '@tagtrail/registry-client';

/** ms that a helper may take: those of clouds ask a service. */
const HELPER_TIMEOUT = 10_000;
/** Bytes of an answer; a password of a cloud has some KiB. */
const ANSWER_BYTES = 64 * 1024;
/** ms that an answer is used. Passwords of clouds live an hour at least, and helpers renew theirs before the end. */
const ANSWER_LIFETIME = 10 * 60 * 1000;
/** ms after which a helper that failed is asked again; without it every look would start a program. */
const FAILURE_LIFETIME = 30 * 1000;
/** What helpers say when they know of none; then the registry is asked without. Source: docker-credential-helpers. */
const NONE_FOUND = /credentials not found/i;
/** Under which the user name says that the secret is an identity token. */
const IDENTITY_USER = '<token>';
/** Docker Hub's credentials are kept under its old address. */
const HUB = 'docker.io';
const HUB_KEY = 'https://index.docker.io/v1/';

interface Answer {
  readonly credentials: Promise<readonly Credential[]>;
  until: number;
}

/** Starts a program with a text as its input, and answers its output. */
export type RunHelper = (program: string, input: string) => Promise<string>;

/**
 * Asks the helpers of the operator's list, by registry (Docker's `credHelpers`). Nothing but that list names a program:
 * what a stream or a secret says never runs one.
 */
export function askCredentialPrograms(
  helpers: Readonly<Record<string, string>>,
  {
    now = Date.now,
    run = runHelper,
  }: { readonly now?: () => number; readonly run?: RunHelper } = {},
): CredentialLookup {
  const answers = new Map<string, Answer>();
  return (registry) => {
    // A registry may be called `constructor`.
    const helper = Object.hasOwn(helpers, registry) ? helpers[registry] : undefined;
    if (helper === undefined) return NO_CREDENTIALS;
    const known = answers.get(registry);
    if (known !== undefined && now() < known.until) return known.credentials;
    const credentials = ask({ helper, registry, run });
    const answer: Answer = { credentials, until: now() + ANSWER_LIFETIME };
    answers.set(registry, answer);
    credentials.catch(() => {
      answer.until = now() + FAILURE_LIFETIME;
    });
    return credentials;
  };
}

interface Question {
  readonly helper: string;
  readonly registry: string;
  readonly run: RunHelper;
}

async function ask({ helper, registry, run }: Question): Promise<readonly Credential[]> {
  const program = `docker-credential-${helper}`;
  const name = `the credential helper ${helper}`;
  const key = registry === HUB ? HUB_KEY : registry;
  try {
    const credential = decodeAnswer(await run(program, key));
    return [{ ...credential, name }];
  } catch (error) {
    if (error instanceof HelperError && error.saysNone) return NO_CREDENTIALS;
    const reason = error instanceof HelperError ? error.message : 'its answer is not readable';
    const failed = `${name} failed: ${reason}`;
    // Conditions show the advice alone, so it says what failed, too.
    throw new RegistryError('Unauthorized', `${registry}: ${failed}`, {
      advice: `${failed}; run "echo ${key} | ${program} get" on the worker's machine to see why`,
    });
  }
}

/** Never holds what the program has printed: that may be a password. */
class HelperError extends Error {
  readonly saysNone: boolean;

  constructor(message: string, saysNone = false) {
    super(message);
    this.saysNone = saysNone;
  }
}

function decodeAnswer(text: string): Credential {
  const answer: unknown = JSON.parse(text);
  const { Username: username, Secret: password } = (answer ?? {}) as Readonly<
    Record<string, unknown>
  >;
  if (typeof username !== 'string' || typeof password !== 'string' || password === '') {
    throw new HelperError('its answer names no user or no secret');
  }
  return { username, password, ...(username === IDENTITY_USER && { token: 'identity' as const }) };
}

const runHelper: RunHelper = (program, input) =>
  new Promise((resolve, reject) => {
    const limits = { timeout: HELPER_TIMEOUT, maxBuffer: ANSWER_BYTES, windowsHide: true };
    const child = execFile(program, ['get'], limits, (error, output) => {
      if (error === null) resolve(output);
      else reject(new HelperError(describeEnd(error, program), NONE_FOUND.test(output)));
    });
    // It may have ended without reading.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });

function describeEnd(
  { code, killed, signal }: { code?: unknown; killed?: boolean | undefined; signal?: unknown },
  program: string,
): string {
  if (code === 'ENOENT') return `there is no program ${program} on the PATH`;
  if (killed === true) return `no answer within ${HELPER_TIMEOUT / 1000} s`;
  return typeof code === 'number'
    ? `it ended with ${code}`
    : `it ended by ${String(signal ?? code)}`;
}
