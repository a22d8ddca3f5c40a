import type { Command } from 'commander';

/**
 * Understands `--scheduled=true` and `--scheduled=false` for options without a value, as the commands of Kubernetes and
 * their documentation write them; commander knows `--scheduled` alone. `false` is the option not given, or `--no-…` where
 * there is one. Everything else stays for commander to judge.
 */
export function withGoBooleans(program: Command, args: readonly string[]): readonly string[] {
  const command = program.commands.find((each) => each.name() === args[0]);
  const flags = new Set(
    command?.options.filter((option) => option.isBoolean()).map(({ long }) => long),
  );
  const end = args.indexOf('--') < 0 ? args.length : args.indexOf('--');
  const rewritten = args.slice(0, end).flatMap((arg) => {
    const [, flag = '', value] = /^(--[a-z-]+)=(true|false)$/u.exec(arg) ?? [];
    if (!flags.has(flag)) return [arg];
    const wanted = value === 'true' ? flag : `--no-${flag.slice(2)}`;
    return command?.options.some(({ long }) => long === wanted) ? [wanted] : [];
  });
  return [...rewritten, ...args.slice(end)];
}
