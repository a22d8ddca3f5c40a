import {
  badRequest,
  type ListMeta,
  matchesFields,
  matchesLabels,
  methodNotAllowed,
} from '@tagtrail/apimachinery';
import type { PullSecret, PullSecretStore, SecretKey, StoredSecrets } from '@tagtrail/pull-secrets';
import type { ListOptions } from '../image-streams/list-options.ts';
import { StatusError } from '../status-error.ts';
import type { Selection } from '../watch/selection.ts';

/** Secrets of one page, asked or not. */
const MAX_PAGE = 500;

export interface SecretList {
  readonly kind: 'SecretList';
  readonly apiVersion: 'v1';
  readonly metadata: ListMeta;
  readonly items: readonly PullSecret[];
}

/**
 * Lists secrets: those of a namespace all at once, those of all namespaces by pages, of which a selector may leave little.
 * One that cannot be opened is no reason to show a list without it, so there is none then. Throws StatusError and
 * PullSecretStoreError.
 */
export async function listSecrets(
  secrets: Pick<PullSecretStore, 'list' | 'readNamespace'>,
  options: ListOptions,
): Promise<SecretList> {
  const { watch, selection } = options;
  if (watch) {
    throw new StatusError(methodNotAllowed('secrets can not be watched; list them again'));
  }
  const page = await readPage(secrets, options);
  const last = page.secrets.at(-1);
  const metadata = {
    resourceVersion: page.resourceVersion,
    ...(page.more && last !== undefined && { continue: encodePlace(last) }),
  };
  const items = page.secrets.map((stored) => stored.open());
  return {
    kind: 'SecretList',
    apiVersion: 'v1',
    metadata,
    items: items.filter((secret) => isSelected(selection, secret)),
  };
}

async function readPage(
  secrets: Pick<PullSecretStore, 'list' | 'readNamespace'>,
  { selection, limit = MAX_PAGE, continue: place }: ListOptions,
): Promise<StoredSecrets & { readonly more: boolean }> {
  const { namespace } = selection;
  if (namespace !== undefined) return { ...(await secrets.readNamespace(namespace)), more: false };
  return secrets.list({
    limit: Math.min(limit, MAX_PAGE),
    ...(place !== undefined && { after: decodePlace(place) }),
  });
}

function isSelected({ labels, fields }: Selection, { metadata }: PullSecret): boolean {
  if (labels !== undefined && !matchesLabels(labels, metadata.labels)) return false;
  const known = { 'metadata.name': metadata.name, 'metadata.namespace': metadata.namespace ?? '' };
  return fields === undefined || matchesFields(fields, known);
}

function encodePlace({ namespace, name }: SecretKey): string {
  return Buffer.from(`${namespace}/${name}`).toString('base64url');
}

function decodePlace(text: string): SecretKey {
  const [namespace = '', name] = Buffer.from(text, 'base64url').toString().split('/');
  if (name !== undefined) return { namespace, name };
  throw new StatusError(badRequest('the continue token is not valid'));
}
