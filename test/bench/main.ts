import { writeFileSync } from 'node:fs';
import type { BenchReport } from './bench-report.ts';
import { requestedBench } from './requested.ts';

const BENCHES: Readonly<Record<string, () => Promise<BenchReport>>> = {
  requested: requestedBench,
};

/** `pnpm bench NAME [--json FILE]`. */
async function main([name = '', option, file]: readonly string[]): Promise<number> {
  const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (bench === undefined || (option !== undefined && (option !== '--json' || !file))) {
    const names = Object.keys(BENCHES).join(', ');
    process.stderr.write(`usage: pnpm bench NAME [--json FILE]; benches: ${names}\n`);
    return 2;
  }
  const { lines, figures } = await bench();
  process.stdout.write(`${lines.join('\n')}\n`);
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
