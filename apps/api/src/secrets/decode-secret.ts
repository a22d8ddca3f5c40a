import {
  badRequest,
  type FieldCause,
  fieldForbidden,
  fieldInvalid,
  invalid,
} from '@tagtrail/apimachinery';
import {
  authTextOf,
  decodePullSecret,
  PULL_SECRET_KEYS,
  type PullSecret,
  REDACTED,
  type SecretDraft,
  type SecretWrite,
  secretNamed,
} from '@tagtrail/pull-secrets';
import { decodeDockerAuthFile, decodeDockercfg } from '@tagtrail/registry-client';
import { StatusError } from '../status-error.ts';

/** Decodes the body of a create or a replace in the namespace of its URL. Throws StatusError, without any value. */
export function decodeSecret(body: unknown, namespace: string): SecretDraft {
  refuseGenerateName(body);
  const decoded = decodePullSecret(body);
  if (!decoded.ok) throw new StatusError(invalid(secretNamed(nameIn(body)), decoded.causes));
  const given = decoded.draft.metadata.namespace ?? '';
  if (given === '' || given === namespace) return decoded.draft;
  const message = `the namespace of the provided object (${given}) does not match the namespace sent on the request (${namespace})`;
  throw new StatusError(badRequest(message));
}

/** The secret of a write that the model allows, and that a worker can read. Throws StatusError Invalid otherwise. */
export function allowedSecret(name: string, write: SecretWrite): PullSecret {
  const causes = write.ok ? contentCauses(write.secret) : write.causes;
  if (write.ok && causes.length === 0) return write.secret;
  throw new StatusError(invalid(secretNamed(name), causes));
}

/** As Docker writes it where a program of the machine keeps the passwords. */
const HOLDS_NOTHING =
  'holds no account with a password, and no token; what credsStore or credHelpers keep is not in it';

/** What keeps the credentials in a secret from being used: better told now than by an import that fails. */
function contentCauses(secret: PullSecret): readonly FieldCause[] {
  const field = `data[${PULL_SECRET_KEYS[secret.type]}]`;
  const file = authTextOf(secret);
  if (file === undefined) return [fieldInvalid(field, REDACTED, 'must be text in UTF-8')];
  const decode = file.format === 'dockercfg' ? decodeDockercfg : decodeDockerAuthFile;
  const decoded = decode(file.text);
  if (!decoded.ok) return [fieldInvalid(field, REDACTED, decoded.message)];
  return decoded.count > 0 ? [] : [fieldInvalid(field, REDACTED, HOLDS_NOTHING)];
}

function refuseGenerateName(body: unknown): void {
  const generateName = metadataOf(body)['generateName'];
  if (nameIn(body) !== '' || generateName === undefined || generateName === '') return;
  const detail = 'generateName is not supported, give the secret a name';
  const cause = fieldForbidden('metadata.generateName', detail);
  throw new StatusError(invalid(secretNamed(''), [cause]));
}

function nameIn(body: unknown): string {
  const name = metadataOf(body)['name'];
  return typeof name === 'string' ? name : '';
}

function metadataOf(body: unknown): Readonly<Record<string, unknown>> {
  return fieldsOf(fieldsOf(body)['metadata']);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
