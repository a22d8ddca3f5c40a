import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';

/**
 * Understands `--scheduled=true` and `--scheduled=false` for options without a value, as the commands of Kubernetes and
 * their documentation write them; commander knows `--scheduled` alone. `false` is the option not given, or `--no-…` where
 * there is one. Options that take a value stay for commander to judge. Throws CliError `usage`.
 */
export function withGoBooleans(program: Command, args: readonly string[]): readonly string[] {
  const command = program.commands.find((each) => each.name() === args[0]);
  const flags = new Set(
    command?.options.filter((option) => option.isBoolean()).map(({ long }) => long),
  );
  const end = args.indexOf('--') < 0 ? args.length : args.indexOf('--');
  const rewritten = args.slice(0, end).flatMap((arg) => {
    const [, flag = '', value = ''] = /^(--[a-z-]+)=(.*)$/su.exec(arg) ?? [];
    if (!flags.has(flag)) return [arg];
    if (value !== 'true' && value !== 'false') {
      throw new CliError('usage', `${flag} takes true or false, not "${value}"`);
    }
    const wanted = value === 'true' ? flag : `--no-${flag.slice(2)}`;
    return command?.options.some(({ long }) => long === wanted) ? [wanted] : [];
  });
  return [...rewritten, ...args.slice(end)];
}
