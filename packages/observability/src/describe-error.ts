/** Causes followed from one error. Deeper chains repeat themselves, and a cycle would never end. */
const CAUSE_LIMIT = 4;
/** Members of an AggregateError shown: one per address tried is what connection errors hold. */
const MEMBER_LIMIT = 4;

/** What of an error reaches the log. */
export interface DescribedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly retryable?: boolean;
  readonly stack?: string;
  readonly cause?: DescribedError;
  readonly errors?: readonly DescribedError[];
}

/**
 * An error as fields of a log line. Only the named fields are taken: what clients hang on their errors may hold
 * secrets (ioredis keeps the failed command's arguments, and AUTH has a password among them).
 */
export function describeError(error: unknown): DescribedError {
  return describe(error, CAUSE_LIMIT);
}

function describe(error: unknown, causes: number): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  return {
    type: error.name,
    message: error.message,
    ...traits(error),
    ...(error.stack !== undefined && { stack: error.stack }),
    ...(causes > 0 && relatives(error, causes - 1)),
  };
}

function traits(error: Error): Pick<DescribedError, 'code' | 'retryable'> {
  const { code, retryable } = error as { code?: unknown; retryable?: unknown };
  return {
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(typeof retryable === 'boolean' && { retryable }),
  };
}

function relatives(error: Error, causes: number): Pick<DescribedError, 'cause' | 'errors'> {
  const members = error instanceof AggregateError ? error.errors.slice(0, MEMBER_LIMIT) : [];
  return {
    ...(error.cause !== undefined && { cause: describe(error.cause, causes) }),
    ...(members.length > 0 && { errors: members.map((member) => describe(member, causes)) }),
  };
}
