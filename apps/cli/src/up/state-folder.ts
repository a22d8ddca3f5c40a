import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { CliError, describeSystemError, systemErrorCode } from '../cli-error.ts';
import { encodeKubeconfig, type KubeconfigContent } from '../connection/kubeconfig.ts';

/** 256 bits: nobody guesses it. */
const TOKEN_BYTES = 32;

/** Where `up` keeps what outlives it: Redis' log, the token, the kubeconfig, the children's logs. */
export interface StateFolder {
  readonly path: string;
  /** As a person would type it from the working folder. */
  readonly shown: string;
  readonly kubeconfig: string;
  readonly tokenFile: string;
  /** The key that secrets are sealed with. */
  readonly secretKeyFile: string;
  readonly redis: string;
  /** Copies of images. */
  readonly registry: string;
  /** The private authority and the API's certificate. */
  readonly certificates: string;
  readonly logs: string;
}

/** Creates the folder, mode 0700, and its folder of logs. Throws CliError `data-folder` when it cannot be written. */
export function openStateFolder(path: string, cwd: string): StateFolder {
  const absolute = resolve(cwd, path);
  const folder: StateFolder = {
    path: absolute,
    shown: shownPath(absolute, cwd),
    kubeconfig: join(absolute, 'kubeconfig'),
    tokenFile: join(absolute, 'token'),
    secretKeyFile: join(absolute, 'secret-key'),
    redis: join(absolute, 'redis'),
    registry: join(absolute, 'registry'),
    certificates: join(absolute, 'certificates'),
    logs: join(absolute, 'logs'),
  };
  attempt(folder, () => {
    mkdirSync(absolute, { recursive: true, mode: 0o700 });
    accessSync(absolute, constants.R_OK | constants.W_OK | constants.X_OK);
    mkdirSync(folder.logs, { recursive: true, mode: 0o700 });
  });
  return folder;
}

/** The API's token: made once, kept in a file that nobody else can read. */
export function ensureToken(folder: StateFolder): string {
  return attempt(folder, () => {
    try {
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      writeFileSync(folder.tokenFile, `${token}\n`, { flag: 'wx', mode: 0o600 });
      return token;
    } catch (error) {
      if (systemErrorCode(error) !== 'EEXIST') throw error;
      return keptToken(folder);
    }
  });
}

function keptToken(folder: StateFolder): string {
  chmodSync(folder.tokenFile, 0o600);
  const token = readFileSync(folder.tokenFile, 'utf8').trim();
  if (token !== '') return token;
  // A start that ended between creating the file and writing it.
  rmSync(folder.tokenFile);
  return ensureToken(folder);
}

/** Writes the kubeconfig whole or not at all, mode 0600: a reader never sees half of it. */
export function writeKubeconfig(folder: StateFolder, content: KubeconfigContent): void {
  attempt(folder, () => {
    const draft = `${folder.kubeconfig}.${process.pid}`;
    rmSync(draft, { force: true });
    writeFileSync(draft, encodeKubeconfig(content), { flag: 'wx', mode: 0o600 });
    renameSync(draft, folder.kubeconfig);
  });
}

function attempt<T>(folder: StateFolder, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(
      'data-folder',
      `cannot write to data folder ${folder.shown}: ${describeSystemError(error)}; choose another with --data-dir`,
      { cause: error },
    );
  }
}

function shownPath(absolute: string, cwd: string): string {
  const within = relative(cwd, absolute);
  return within === '' || within.startsWith('..') ? absolute : `./${within}`;
}
