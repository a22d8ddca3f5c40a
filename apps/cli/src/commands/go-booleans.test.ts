import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { CliError } from '../cli-error.ts';
import { withGoBooleans } from './go-booleans.ts';

const program = new Command();
program
  .command('tag')
  .option('--scheduled')
  .option('--insecure')
  .option('--no-insecure')
  .option('--source <kind>');

describe('withGoBooleans', () => {
  it.each([
    ['tag --scheduled=true a b:c', 'tag --scheduled a b:c'],
    ['tag --scheduled=false a b:c', 'tag a b:c'],
    ['tag --insecure=false a', 'tag --no-insecure a'],
    ['tag --source=true a', 'tag --source=true a'],
    ['tag --unknown=true a', 'tag --unknown=true a'],
    ['tag -- --scheduled=true', 'tag -- --scheduled=true'],
    ['other --scheduled=true', 'other --scheduled=true'],
    ['', ''],
  ])('reads "%s" as "%s"', (line, rewritten) => {
    expect(withGoBooleans(program, line.split(' '))).toEqual(rewritten.split(' '));
  });

  it.each([
    ['--insecure=maybe', '--insecure takes true or false, not "maybe"'],
    ['--scheduled=', '--scheduled takes true or false, not ""'],
  ])('refuses %s', (flag, problem) => {
    expect(() => withGoBooleans(program, ['tag', flag, 'a'])).toThrow(
      new CliError('usage', problem),
    );
  });
});
