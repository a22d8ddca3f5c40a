import {
  dnsSubdomainProblems,
  type FieldCause,
  fieldInvalid,
  fieldNotSupported,
  fieldRequired,
  fieldTooLong,
  validateAnnotations,
  validateLabels,
} from '@tagtrail/apimachinery';
import { base64Bytes } from './base64.ts';
import type { SecretDraft } from './decode-pull-secret.ts';
import { isPullSecretType, MAX_SECRET_BYTES, PULL_SECRET_KEYS } from './pull-secret.ts';

/** What Kubernetes takes for the type of a secret that names none. */
const UNTYPED = 'Opaque';
const DATA_KEY = /^[-._a-zA-Z0-9]{1,253}$/;
const DATA_KEY_RULE =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

/** Everything that keeps a draft from being a pull secret; its contents aside. Worded as by Kubernetes, where it has a word. */
export function validatePullSecret({ metadata, type, data }: SecretDraft): readonly FieldCause[] {
  return [
    ...validateName(metadata.name),
    ...validateLabels(metadata.labels, 'metadata.labels'),
    ...validateAnnotations(metadata.annotations, 'metadata.annotations'),
    ...Object.keys(data).flatMap(validateDataKey),
    ...validateSize(data),
    ...validateType(type || UNTYPED, data),
  ];
}

function validateName(name: string): readonly FieldCause[] {
  const field = 'metadata.name';
  if (name === '') return [fieldRequired(field, 'name or generateName is required')];
  return dnsSubdomainProblems(name).map((problem) => fieldInvalid(field, name, problem));
}

function validateDataKey(key: string): readonly FieldCause[] {
  const field = `data[${key}]`;
  if (!DATA_KEY.test(key)) return [fieldInvalid(field, key, DATA_KEY_RULE)];
  if (key === '.' || key.startsWith('..')) {
    return [fieldInvalid(field, key, "must not be '.' and not start with '..'")];
  }
  return [];
}

function validateSize(data: SecretDraft['data']): readonly FieldCause[] {
  const bytes = Object.values(data).reduce((sum, value) => sum + base64Bytes(value), 0);
  return bytes > MAX_SECRET_BYTES ? [fieldTooLong('data', MAX_SECRET_BYTES)] : [];
}

/** Other secrets are of no use here, and what is of no use should not be kept. */
function validateType(type: string, data: SecretDraft['data']): readonly FieldCause[] {
  if (!isPullSecretType(type)) {
    return [fieldNotSupported('type', type, Object.keys(PULL_SECRET_KEYS))];
  }
  const key = PULL_SECRET_KEYS[type];
  return Object.hasOwn(data, key) ? [] : [fieldRequired(`data[${key}]`)];
}
