import {
  AccessControlError,
  type AccessTokenRecord,
  type Grant,
  ROLES,
} from '@tagtrail/access-control';

/** What stands in Redis for a token; everything but its id, which is the field. */
export function encodeRecord({ id: _, ...rest }: AccessTokenRecord): string {
  return JSON.stringify(rest);
}

/** Throws AccessControlError `damaged` for anything but a whole record: half of one might allow too much. */
export function decodeRecord(id: string, text: string): AccessTokenRecord {
  const record = { ...parsed(text), id };
  if (isRecord(record)) return record;
  const message = `what is stored of the access token with the id ${id} cannot be read; delete it and create another one`;
  throw new AccessControlError('damaged', message);
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // What is no JSON is no record either: the same error says so.
    return {};
  }
}

type Unchecked = { readonly [K in keyof AccessTokenRecord]?: unknown };

function isRecord(record: Unchecked): record is AccessTokenRecord {
  const { name, grants, created, expires, createdBy, hash } = record;
  const texts = [name, createdBy, hash].every((field) => typeof field === 'string');
  const times = [created, expires ?? 0].every((field) => typeof field === 'number');
  return texts && times && Array.isArray(grants) && grants.every(isGrant);
}

function isGrant(grant: unknown): grant is Grant {
  const { role, namespace }: Partial<Grant> = typeof grant === 'object' ? { ...grant } : {};
  return ROLES.some((one) => one === role) && typeof namespace === 'string';
}
