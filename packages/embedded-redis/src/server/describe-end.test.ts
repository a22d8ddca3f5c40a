import { describe, expect, it } from 'vitest';
import { describeEnd } from './describe-end.ts';

describe('describeEnd', () => {
  it('names a full disk, which redis itself only calls a short write', () => {
    const log = [
      '7:M 23 Nov 2026 07:42:22.837 * The server is now ready to accept connections at /tmp/s',
      '7:M 23 Nov 2026 07:42:23.421 # Short write while writing to the AOF file: (nwritten=4, expected=87)',
      "7:M 23 Nov 2026 07:42:23.421 # Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting...",
    ];
    const reason = describeEnd({ code: 1, log }, '/var/lib/tagtrail');
    expect(reason).toMatch(/^the disk that holds \/var\/lib\/tagtrail is full/);
    expect(reason).toMatch(/\| Short write .*expected=87\) \| Can't recover from AOF/);
  });

  it('tells a kill from an exit code, and leaves out the prefix of the log', () => {
    expect(describeEnd({ code: 137, log: [] }, '/f')).toMatch(/killed \(SIGKILL\)/);
    expect(describeEnd({ code: 139, log: [] }, '/f')).toBe(
      'it was ended by SIGSEGV: it said nothing',
    );
    const log = ['7:M 23 Nov 2026 07:42:23.421 # Fatal error, cannot open'];
    expect(describeEnd({ code: 1, log }, '/f')).toBe(
      'it ended with exit code 1: Fatal error, cannot open',
    );
  });

  it('says when the watchdog went first', () => {
    const log = ['7:M 23 Nov 2026 07:42:23.421 * Ready to accept connections'];
    expect(describeEnd({ code: undefined, log }, '/f')).toBe(
      'its watchdog, the shell that started it, ended before it',
    );
  });
});
