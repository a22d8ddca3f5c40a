import { type FieldCause, fieldInvalid, type ObjectMeta } from '@tagtrail/apimachinery';
import { present, SecretFields } from './secret-fields.ts';

/** What somebody sends to be written: a Secret of any type, not looked at yet. */
export interface SecretDraft {
  readonly metadata: ObjectMeta;
  /** Undefined or empty: Kubernetes' `Opaque`, or that of the secret that is replaced. */
  readonly type?: string;
  readonly immutable?: boolean;
  /** Values in base64, those of `stringData` included. */
  readonly data: Readonly<Record<string, string>>;
}

export type DecodedPullSecret =
  | { readonly ok: true; readonly draft: SecretDraft }
  | { readonly ok: false; readonly causes: readonly FieldCause[] };

/**
 * Reads a parsed Secret. What the server owns is left to the store's copy; unknown fields are dropped. No cause repeats a
 * value.
 */
export function decodePullSecret(body: unknown): DecodedPullSecret {
  const read = new SecretFields();
  const top = read.object(body, '(root)');
  checkKind(read, top);
  const draft: SecretDraft = {
    metadata: read.metadata(top['metadata']),
    ...present({
      type: read.text(top['type'], 'type'),
      immutable: read.flag(top['immutable'], 'immutable'),
    }),
    data: read.data(top),
  };
  return read.causes.length > 0 ? { ok: false, causes: read.causes } : { ok: true, draft };
}

function checkKind(read: SecretFields, top: Readonly<Record<string, unknown>>): void {
  const kind = read.text(top['kind'], 'kind') ?? 'Secret';
  const version = read.text(top['apiVersion'], 'apiVersion') ?? 'v1';
  if (kind !== 'Secret') read.causes.push(fieldInvalid('kind', kind, 'must be Secret'));
  if (version !== 'v1') read.causes.push(fieldInvalid('apiVersion', version, 'must be v1'));
}
