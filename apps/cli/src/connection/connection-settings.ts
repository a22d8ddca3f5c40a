import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, resolve } from 'node:path';
import { CliError, describeSystemError } from '../cli-error.ts';
import { decodeKubeconfig, type KubeContext, type TextSource } from './kubeconfig.ts';

/** Read when KUBECONFIG is not set: what `tagtrail up` writes, in its default data folder. */
export const DEFAULT_KUBECONFIG = '.tagtrail/kubeconfig';

/** Options that every command talking to the API takes. */
export interface ConnectionFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly server?: string;
  readonly token?: string;
  readonly namespace?: string;
}

/** Where the API is and who asks. */
export interface ConnectionSettings {
  readonly server: string;
  readonly namespace: string;
  readonly token?: string;
  /** PEM text; only for https. */
  readonly certificateAuthority?: string;
}

export interface ConnectionSurroundings {
  /** The KUBECONFIG variable: a list of paths, the first existing one counts. */
  readonly kubeconfig: string | undefined;
  readonly cwd: string;
}

/** Flags over kubeconfig. Throws CliError `kubeconfig` with one line that says what to do. */
export function readConnectionSettings(
  flags: ConnectionFlags,
  around: ConnectionSurroundings,
): ConnectionSettings {
  const path = findKubeconfig(flags, around);
  const file = path === undefined ? undefined : readContext(path, flags.context);
  const server = flags.server ?? file?.server;
  if (server === undefined) throw new CliError('kubeconfig', missingKubeconfig(around));
  if (!isHttpUrl(server)) {
    throw new CliError('kubeconfig', `server "${server}" is not an http:// or https:// URL`);
  }
  const folder = path === undefined ? around.cwd : dirname(path);
  // A kubeconfig's token and certificate belong to its own server; another server never gets to see the token.
  const own = file !== undefined && new URL(server).origin === new URL(file.server).origin;
  const token = flags.token ?? (own ? readText(file.token, folder) : undefined);
  const authority = own ? readText(file.certificateAuthority, folder) : undefined;
  return {
    server: server.replace(/\/+$/u, ''),
    namespace: flags.namespace ?? file?.namespace ?? 'default',
    ...(token !== undefined && { token }),
    ...(authority !== undefined && { certificateAuthority: authority }),
  };
}

function findKubeconfig(
  flags: ConnectionFlags,
  around: ConnectionSurroundings,
): string | undefined {
  if (flags.kubeconfig !== undefined) return resolve(around.cwd, flags.kubeconfig);
  const listed = around.kubeconfig?.split(delimiter).filter((path) => path !== '') ?? [];
  const paths = listed.length === 0 ? [DEFAULT_KUBECONFIG] : listed;
  return paths.map((path) => resolve(around.cwd, path)).find((path) => existsSync(path));
}

function missingKubeconfig(around: ConnectionSurroundings): string {
  const start = 'run `npm start` or `tagtrail up` first, or give --server and --token';
  return around.kubeconfig === undefined || around.kubeconfig === ''
    ? `no ${DEFAULT_KUBECONFIG} here and KUBECONFIG is not set: ${start}`
    : `no file named by KUBECONFIG (${around.kubeconfig}) exists: ${start}`;
}

function readContext(path: string, wanted: string | undefined): KubeContext {
  const decoded = decodeKubeconfig(readFile(path), wanted);
  if (!decoded.ok) throw new CliError('kubeconfig', `${path} ${decoded.message}`);
  if (!isHttpUrl(decoded.context.server)) {
    throw new CliError(
      'kubeconfig',
      `${path}: server "${decoded.context.server}" is not an http:// or https:// URL`,
    );
  }
  return decoded.context;
}

function readText(source: TextSource | undefined, folder: string): string | undefined {
  if (source === undefined) return undefined;
  return 'text' in source ? source.text : readFile(resolve(folder, source.file)).trim();
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CliError('kubeconfig', `cannot read ${path}: ${describeSystemError(error)}`, {
      cause: error,
    });
  }
}

function isHttpUrl(text: string): boolean {
  return /^https?:$/u.test(URL.parse(text)?.protocol ?? '');
}
