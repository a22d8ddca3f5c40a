import { type FieldCause, internalError, invalid } from '@tagtrail/apimachinery';
import type { FailureReason, ImageImportSpec, ImportStatus } from '@tagtrail/image-stream';

export const SUCCESS: ImportStatus = { metadata: {}, status: 'Success' };

/** The HTTP status that goes with each reason; 500 where Kubernetes has none. */
const CODES: Partial<Readonly<Record<FailureReason, number>>> = {
  NotFound: 404,
  Unauthorized: 401,
  Forbidden: 403,
  TooManyRequests: 429,
  Timeout: 504,
  InvalidReference: 422,
};

/** The status of an image, or of a list of tags, that the registry did not give. */
export function failedStatus(answer: {
  readonly reason: FailureReason;
  readonly message: string;
}): ImportStatus {
  const { reason, message } = answer;
  return { metadata: {}, status: 'Failure', message, reason, code: CODES[reason] ?? 500 };
}

/** The status of a source that can't be read. Source: OpenShift's importer, words and lacking name included. */
export function unreadableStatus(cause: FieldCause): ImportStatus {
  const nameless = { group: '', resource: '', kind: '', name: '' };
  const { kind: _, apiVersion: __, ...status } = invalid(nameless, [cause]);
  return status;
}

/** The status of an image that was imported, and whose document is not there to be shown. */
export function lostStatus({ from, to, importPolicy }: ImageImportSpec): ImportStatus {
  const { importMode = 'Legacy' } = importPolicy;
  const target = to === undefined ? '' : ` tag "${to.name}" from`;
  const message = `unknown error while importing${target} "${from.name}" with import mode "${importMode}", please try again.`;
  const { kind: _, apiVersion: __, ...status } = internalError(message);
  return status;
}

/** The status of a repository some of whose images failed. Source: OpenShift's ImageStreamImport storage. */
export function sumStatus(statuses: readonly ImportStatus[]): ImportStatus {
  const failed = statuses.filter(({ status }) => status === 'Failure').length;
  if (failed === 0) return SUCCESS;
  const count = failed === 1 ? 'one' : String(failed);
  const message = `${count} of the images from this repository failed to import`;
  return { metadata: {}, status: 'Failure', message, reason: 'ImportFailed' };
}
