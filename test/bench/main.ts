import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { apiBench } from './api/api.ts';
import type { BenchReport } from './bench-report.ts';
import { intervalBench } from './interval/interval.ts';
import { pipelineBench } from './pipeline/pipeline.ts';
import { pullBench } from './pull/pull.ts';
import { registryBench } from './registry/registry.ts';
import { requestedBench } from './requested.ts';
import { scheduleBench } from './schedule/schedule.ts';
import { storeBench } from './store/store.ts';

interface BenchOptions {
  /** How many tags a bench works on, when it is about tags; each has a number of its own. */
  readonly tags?: number;
}

const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<BenchReport>>> = {
  api: apiBench,
  interval: intervalBench,
  pipeline: pipelineBench,
  pull: pullBench,
  registry: registryBench,
  requested: requestedBench,
  schedule: scheduleBench,
  store: storeBench,
};

const USAGE = `usage: pnpm bench NAME [--tags N] [--json FILE]

Benches: ${Object.keys(BENCHES).join(', ')}

  --tags N     works on N tags in place of the bench's own number
  --json FILE  writes the figures to FILE, besides the table
  --help       says this
`;

/** `pnpm bench NAME [--tags N] [--json FILE]`. */
async function main(words: readonly string[]): Promise<number> {
  const wish = readWish(words);
  if (wish === undefined) return usage(process.stderr, 2);
  if (wish.help) return usage(process.stdout, 0);
  const bench = Object.hasOwn(BENCHES, wish.name) ? BENCHES[wish.name] : undefined;
  if (bench === undefined) return usage(process.stderr, 2);
  const { lines, figures } = await bench(wish.tags === undefined ? {} : { tags: wish.tags });
  process.stdout.write(`${lines.join('\n')}\n`);
  if (wish.json !== undefined) writeFileSync(wish.json, `${JSON.stringify(figures, null, 2)}\n`);
  return 0;
}

function usage(stream: NodeJS.WritableStream, exitCode: number): number {
  stream.write(USAGE);
  return exitCode;
}

/** Undefined for what is not a command line of ours. */
function readWish(words: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { tags: { type: 'string' }, json: { type: 'string' }, help: { type: 'boolean' } },
    });
    const [name = '', ...rest] = positionals;
    const tags = values.tags === undefined ? undefined : Number(values.tags);
    if (rest.length > 0 || (tags !== undefined && !(Number.isSafeInteger(tags) && tags > 0)))
      return;
    return { name, tags, json: values.json, help: values.help ?? false };
  } catch {
    return undefined; // an option that there is not
  }
}

process.exitCode = await main(process.argv.slice(2));
