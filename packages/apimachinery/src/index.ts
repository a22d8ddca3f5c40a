export { dnsLabelProblems, dnsSubdomainProblems, isDnsLabel } from './dns-name.ts';
export {
  fieldDuplicate,
  fieldForbidden,
  fieldInvalid,
  fieldNotFound,
  fieldNotSupported,
  fieldRequired,
  fieldTooLong,
} from './field-cause.ts';
export type { FieldSelector } from './field-selector.ts';
export { matchesFields } from './field-selector.ts';
export { formatAge } from './format-age.ts';
export { formatShortAge } from './format-short-age.ts';
export { formatSpan } from './format-span.ts';
export type { LabelSelector } from './label-selector.ts';
export { matchesLabels } from './label-selector.ts';
export type { ListMeta, ObjectMeta } from './object-meta.ts';
export type { ParsedFieldSelector } from './parse-field-selector.ts';
export { parseFieldSelector } from './parse-field-selector.ts';
export type { ParsedLabelSelector } from './parse-label-selector.ts';
export { parseLabelSelector } from './parse-label-selector.ts';
export { isQualifiedName } from './qualified-name.ts';
export {
  badRequest,
  forbidden,
  gone,
  internalError,
  methodNotAllowed,
  notAcceptable,
  requestTooLarge,
  serviceUnavailable,
  timeout,
  tooManyRequests,
  tooOldResourceVersion,
  unauthorized,
  unsupportedMediaType,
} from './request-failures.ts';
export {
  alreadyExists,
  conflict,
  invalid,
  notFound,
  OBJECT_MODIFIED,
  successStatus,
} from './resource-failures.ts';
export type { ResourceName } from './resource-name.ts';
export type { ParsedResourceVersion } from './resource-version.ts';
export { compareResourceVersions, parseResourceVersion } from './resource-version.ts';
export type { FieldCause, Status, StatusDetails, StatusReason } from './status.ts';
export { isStatus } from './status.ts';
export { formatTimestamp } from './timestamp.ts';
export { ANNOTATIONS_LIMIT_BYTES, validateAnnotations } from './validate-annotations.ts';
export { validateLabels } from './validate-labels.ts';
export type { WatchEvent, WatchEventType } from './watch-event.ts';
