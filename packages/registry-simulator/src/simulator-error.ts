/** Why the simulator refused a call or a control request. */
export type SimulatorErrorCode =
  | 'InvalidName'
  | 'InvalidRequest'
  | 'UnknownDigest'
  | 'UnknownTag'
  | 'UnknownFault'
  | 'TooLarge'
  | 'LimitReached';

/** The one error this package throws. Never retryable: the same call fails the same way again. */
export class SimulatorError extends Error {
  override readonly name = 'SimulatorError';
  readonly retryable = false;
  readonly code: SimulatorErrorCode;

  constructor(code: SimulatorErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
