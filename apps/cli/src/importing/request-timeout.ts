import { parseDuration } from '@tagtrail/image-stream';
import { CliError } from '../cli-error.ts';

/** ms; what longer timers cannot count. Source: Node's timers. */
const LONGEST = 2 ** 31 - 1;

/**
 * ms that `--request-timeout` means: a duration (`90s`, `2m`), or seconds. Undefined for `0`, which sets no limit of
 * its own. Throws CliError `usage`. Source: kubectl.
 */
export function parseRequestTimeout(text: string): number | undefined {
  const timeout = /^\d{1,9}$/u.test(text) ? Number(text) * 1000 : parseDuration(text);
  if (timeout === undefined || timeout > LONGEST) {
    const rule =
      'Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)';
    throw new CliError('usage', `Invalid timeout value. ${rule}`);
  }
  return timeout === 0 ? undefined : timeout;
}
