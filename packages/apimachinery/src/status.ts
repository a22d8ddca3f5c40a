/** Machine-readable reason of a failure. Source: Kubernetes meta/v1 `StatusReason`. */
export type StatusReason =
  | 'BadRequest'
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Gone'
  | 'Expired'
  | 'Invalid'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'UnsupportedMediaType'
  | 'RequestEntityTooLarge'
  | 'TooManyRequests'
  | 'InternalError'
  | 'ServiceUnavailable'
  | 'Timeout'
  | 'ServerTimeout';

/** One field that a request got wrong. Source: Kubernetes meta/v1 `StatusCause`. */
export interface FieldCause {
  readonly reason:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueDuplicate'
    | 'FieldValueNotSupported'
    | 'FieldValueForbidden'
    | 'FieldValueTooLong'
    | 'FieldValueNotFound';
  /** Path of the field, such as `spec.tags[0].from.name`. */
  readonly field: string;
  readonly message: string;
}

/** The answer of an API request that returns no object. Source: Kubernetes meta/v1 `Status`. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: StatusReason;
  readonly details?: StatusDetails;
  /** The HTTP status that goes with it. */
  readonly code?: number;
}

/** What a Status is about. `kind` is the resource (`imagestreams`), except under reason Invalid. */
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly FieldCause[];
  readonly retryAfterSeconds?: number;
}

/** Whether a decoded body is a Status; enough to tell an error frame from an object. */
export function isStatus(value: unknown): value is Status {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, apiVersion, status } = value as Readonly<Record<string, unknown>>;
  return kind === 'Status' && apiVersion === 'v1' && (status === 'Success' || status === 'Failure');
}
