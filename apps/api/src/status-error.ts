import type { Status } from '@tagtrail/apimachinery';

/** A request that is refused: thrown anywhere behind the HTTP wall, answered there with its Status. */
export class StatusError extends Error {
  readonly status: Status;

  constructor(status: Status, options?: ErrorOptions) {
    super(status.message ?? status.reason ?? 'refused', options);
    this.name = 'StatusError';
    this.status = status;
  }
}
