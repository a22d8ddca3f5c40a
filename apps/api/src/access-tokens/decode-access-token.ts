import type { AccessTokenDraft } from '@tagtrail/access-control';
import { type FieldCause, fieldInvalid, invalid } from '@tagtrail/apimachinery';
import { StatusError } from '../status-error.ts';
import {
  ACCESS_TOKEN_API_VERSION,
  ACCESS_TOKEN_KIND,
  accessTokenNamed,
} from './access-token-object.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Decodes the body of a creation at `now`, in ms since the epoch: `metadata.name`, `spec.grants` and, unless the token is
 * never to expire, `spec.expirationSeconds`. Throws StatusError Invalid for what has not the right shape.
 */
export function decodeAccessToken(body: unknown, now: number): AccessTokenDraft {
  const causes: FieldCause[] = [];
  const read = new BodyFields(causes);
  const top = read.object(body, '(root)');
  read.constant(top['kind'], 'kind', ACCESS_TOKEN_KIND);
  read.constant(top['apiVersion'], 'apiVersion', ACCESS_TOKEN_API_VERSION);
  const name = read.text(read.object(top['metadata'], 'metadata')['name'], 'metadata.name');
  const spec = read.object(top['spec'], 'spec');
  const grants = read.grants(spec['grants']);
  const seconds = read.seconds(spec['expirationSeconds'], 'spec.expirationSeconds');
  if (causes.length > 0) throw new StatusError(invalid(accessTokenNamed(name), causes));
  return { name, grants, ...(seconds !== undefined && { expires: now + seconds * 1_000 }) };
}

/** Reads fields out of unknown JSON and notes what is wrong with them. */
class BodyFields {
  readonly #causes: FieldCause[];

  constructor(causes: FieldCause[]) {
    this.#causes = causes;
  }

  object(value: unknown, field: string): Fields {
    if (value === undefined || value === null) return {};
    if (typeof value === 'object' && !Array.isArray(value)) return value as Fields;
    this.#refuse(field, value, 'must be an object');
    return {};
  }

  text(value: unknown, field: string): string {
    if (typeof value === 'string') return value;
    if (value !== undefined && value !== null) this.#refuse(field, value, 'must be a string');
    return '';
  }

  constant(value: unknown, field: string, wanted: string): void {
    const given = value ?? wanted;
    if (given !== wanted) this.#refuse(field, given, `must be ${wanted}`);
  }

  grants(value: unknown): AccessTokenDraft['grants'] {
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) {
      this.#refuse('spec.grants', value, 'must be a list');
      return [];
    }
    return value.map((entry: unknown, at) => {
      const field = `spec.grants[${at}]`;
      const { role, namespace } = this.object(entry, field);
      return {
        role: this.text(role, `${field}.role`),
        namespace: this.text(namespace, `${field}.namespace`),
      };
    });
  }

  seconds(value: unknown, field: string): number | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
    this.#refuse(field, value, 'must be a whole number of seconds');
    return undefined;
  }

  #refuse(field: string, value: unknown, detail: string): void {
    this.#causes.push(fieldInvalid(field, value, detail));
  }
}
