import { parse, stringify } from 'yaml';
import { isJsonObject, type JsonObject, objectMember, textMember } from '../json-object.ts';

/** Certificate or token of a kubeconfig: its text, or the file that holds it (relative to the kubeconfig's folder). */
export type TextSource = { readonly text: string } | { readonly file: string };

/** What one context of a kubeconfig says about reaching a server. */
export interface KubeContext {
  readonly server: string;
  readonly namespace: string;
  readonly token?: TextSource;
  readonly certificateAuthority?: TextSource;
}

export type DecodedKubeconfig =
  | { readonly ok: true; readonly context: KubeContext }
  | { readonly ok: false; readonly message: string };

/** Ways to log in that would mean running programs or holding keys; a token does. */
const UNSUPPORTED_LOGINS = [
  'exec',
  'auth-provider',
  'client-certificate',
  'client-certificate-data',
];

/**
 * Reads the context `wanted`, or the current one. Messages name the entry at fault and never show a token.
 * Source: the kubeconfig format of Kubernetes client-go (`v1`, kind `Config`).
 */
export function decodeKubeconfig(text: string, wanted?: string): DecodedKubeconfig {
  const config = parseObject(text);
  if (config === undefined) return { ok: false, message: 'is not a kubeconfig' };
  const name = wanted ?? textMember(config, 'current-context');
  if (name === undefined) return { ok: false, message: 'has no current-context' };
  const context = namedEntry(config, 'contexts', 'context', name);
  if (context === undefined) return { ok: false, message: `has no context "${name}"` };
  const clusterName = textMember(context, 'cluster') ?? '';
  const cluster = namedEntry(config, 'clusters', 'cluster', clusterName);
  const server = cluster === undefined ? undefined : textMember(cluster, 'server');
  if (cluster === undefined || server === undefined) {
    return { ok: false, message: `has no server for cluster "${clusterName}"` };
  }
  const userName = textMember(context, 'user');
  const user = userName === undefined ? {} : (namedEntry(config, 'users', 'user', userName) ?? {});
  const login = UNSUPPORTED_LOGINS.find((key) => user[key] !== undefined);
  if (login !== undefined) {
    return { ok: false, message: `user "${userName}" logs in by ${login}; give a token instead` };
  }
  return { ok: true, context: toKubeContext(server, context, cluster, user) };
}

function toKubeContext(
  server: string,
  context: JsonObject,
  cluster: JsonObject,
  user: JsonObject,
): KubeContext {
  const token = textOrFile(textMember(user, 'token'), textMember(user, 'tokenFile'));
  const encoded = textMember(cluster, 'certificate-authority-data');
  const authority = textOrFile(
    encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8'),
    textMember(cluster, 'certificate-authority'),
  );
  return {
    server,
    namespace: textMember(context, 'namespace') ?? 'default',
    ...(token !== undefined && { token }),
    ...(authority !== undefined && { certificateAuthority: authority }),
  };
}

/** Source: client-go prefers a file over inline text for certificates' data; for tokens the file wins too. */
function textOrFile(text: string | undefined, file: string | undefined): TextSource | undefined {
  if (file !== undefined) return { file };
  return text === undefined ? undefined : { text };
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined; // The parser's message may quote a line that holds a token.
  }
}

function namedEntry(
  config: JsonObject,
  list: string,
  member: string,
  name: string,
): JsonObject | undefined {
  const entries = config[list];
  if (!Array.isArray(entries)) return undefined;
  const entry = entries.find((one) => isJsonObject(one) && one['name'] === name);
  return isJsonObject(entry) ? objectMember(entry, member) : undefined;
}

export interface KubeconfigContent {
  /** https, or kubectl keeps the token to itself. */
  readonly server: string;
  /** PEM of the authority behind the server's certificate. */
  readonly certificateAuthority?: string;
  readonly token: string;
  readonly namespace: string;
}

/** One server, one user, one context named `tagtrail`; kubectl reads it unchanged. */
export function encodeKubeconfig(o: KubeconfigContent): string {
  const name = 'tagtrail';
  const authority = o.certificateAuthority;
  const trust =
    authority === undefined
      ? {}
      : { 'certificate-authority-data': Buffer.from(authority).toString('base64') };
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server: o.server, ...trust } }],
    users: [{ name, user: { token: o.token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: o.namespace } }],
  });
}
