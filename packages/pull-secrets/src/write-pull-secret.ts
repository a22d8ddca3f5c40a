import {
  type FieldCause,
  fieldForbidden,
  fieldInvalid,
  formatTimestamp,
  type ObjectMeta,
} from '@tagtrail/apimachinery';
import type { SecretDraft } from './decode-pull-secret.ts';
import type { PullSecret, PullSecretType } from './pull-secret.ts';
import { present } from './secret-fields.ts';
import { validatePullSecret } from './validate-pull-secret.ts';

export type SecretWrite =
  | { readonly ok: true; readonly secret: PullSecret }
  | { readonly ok: false; readonly causes: readonly FieldCause[] };

const LOCKED = 'field is immutable when `immutable` is set';

/** A secret as it is made; `namespace` is that of the request, `now` in ms since the epoch. */
export function createPullSecret(
  draft: SecretDraft,
  context: { readonly namespace: string; readonly uid: string; readonly now: number },
): SecretWrite {
  const { namespace, uid, now } = context;
  const causes = validatePullSecret(draft);
  if (causes.length > 0) return { ok: false, causes };
  return {
    ok: true,
    secret: secretOf(draft, { namespace, uid, creationTimestamp: formatTimestamp(now) }),
  };
}

/** A secret as it is after a replacement; its identity and its type stay. Source: Kubernetes `ValidateSecretUpdate`. */
export function replacePullSecret(current: PullSecret, given: SecretDraft): SecretWrite {
  const draft = { ...given, type: given.type || current.type };
  const causes = [...validatePullSecret(draft), ...forbiddenChanges(current, draft)];
  if (causes.length > 0) return { ok: false, causes };
  const { namespace, uid, creationTimestamp } = current.metadata;
  return { ok: true, secret: secretOf(draft, present({ namespace, uid, creationTimestamp })) };
}

function forbiddenChanges(
  current: PullSecret,
  { type, immutable, data }: SecretDraft,
): readonly FieldCause[] {
  const causes: FieldCause[] = [];
  if (type !== current.type) causes.push(fieldInvalid('type', type, 'field is immutable'));
  if (current.immutable !== true) return causes;
  if (immutable !== true) causes.push(fieldForbidden('immutable', LOCKED));
  if (!isSameData(current.data, data)) causes.push(fieldForbidden('data', LOCKED));
  return causes;
}

function isSameData(one: PullSecret['data'], other: PullSecret['data']): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}

/** Only after validation: the type is one of ours. */
function secretOf(
  { metadata, type, immutable, data }: SecretDraft,
  owned: Pick<ObjectMeta, 'namespace' | 'uid' | 'creationTimestamp'>,
): PullSecret {
  const { name, labels, annotations } = metadata;
  return {
    kind: 'Secret',
    apiVersion: 'v1',
    metadata: { name, ...owned, ...present({ labels, annotations }) },
    ...present({ immutable }),
    type: type as PullSecretType,
    data,
  };
}
