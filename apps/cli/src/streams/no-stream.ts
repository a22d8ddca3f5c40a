import { ApiError } from '@tagtrail/api-client';
import type { StreamKey } from '@tagtrail/image-stream';
import { CliError } from '../cli-error.ts';

/** That a stream is not there, where the API would speak of a resource that nobody has named. */
export function noStream({ name, namespace }: StreamKey): CliError {
  return new CliError('usage', `no image stream ${name} in namespace ${namespace}`);
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.code === 404;
}
