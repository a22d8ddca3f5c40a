import { delimiter } from 'node:path';

/** Environment variables as the caller read them; this package never reads `process.env` itself. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a plain Debian or Ubuntu keeps its programs: what is searched when no environment is given. */
export const STANDARD_ENVIRONMENT: Environment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
};

/** Variables by which apt finds its way out of a closed network. */
const PROXY_VARIABLES = ['http_proxy', 'https_proxy', 'ftp_proxy', 'no_proxy', 'all_proxy'];

/** The folders of PATH, in order; relative ones are left out, since they mean another place in every folder. */
export function programFolders(environment: Environment): readonly string[] {
  const folders = (environment['PATH'] ?? '').split(delimiter);
  return folders.filter((folder) => folder.startsWith('/'));
}

/**
 * What a program started from here gets to see: PATH, one language for messages that are parsed, a home that exists, and the
 * proxies. The caller's other variables may hold secrets, and stay out.
 */
export function childEnvironment(environment: Environment, home: string): Record<string, string> {
  const child: Record<string, string> = {
    PATH: programFolders(environment).join(delimiter),
    LC_ALL: 'C',
    HOME: home,
  };
  for (const name of PROXY_VARIABLES.flatMap((lower) => [lower, lower.toUpperCase()])) {
    const value = environment[name];
    if (value) child[name] = value;
  }
  return child;
}
