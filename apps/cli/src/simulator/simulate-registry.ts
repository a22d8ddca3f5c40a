import { parseDuration } from '@tagtrail/config';
import { createResourceStack } from '@tagtrail/lifecycle';
import {
  createTagMover,
  openRegistrySimulator,
  type Push,
  type RegistrySimulator,
  type TagMoverTarget,
} from '@tagtrail/registry-simulator';
import { CliError, describeSystemError, systemErrorCode } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import { withStopSignals } from '../stop-signals.ts';
import { untilAborted } from '../until-aborted.ts';
import { type PushedTag, parsePushedTag } from './pushed-tag.ts';
import { parseWishedFault, type WishedFault } from './wished-fault.ts';

/** ms; faster pushes than this show nothing that slower ones do not. */
const SHORTEST_INTERVAL = 10;

export interface SimulateOptions {
  readonly port: number;
  /** Pushed again and again, one after the other. */
  readonly move: readonly string[];
  /** Pushed once. */
  readonly tag: readonly string[];
  /** Faults of the catalogue: `NAME`, or `NAME:KEY=VALUE,…` for some requests alone. */
  readonly fault: readonly string[];
  /** Duration between two pushes. */
  readonly every: string;
  readonly output?: 'json';
}

/** A registry in the foreground until a signal; one line per push. */
export async function simulateRegistry(
  options: SimulateOptions,
  context: CommandContext,
): Promise<number> {
  const every = readInterval(options.every);
  const moving = options.move.map(parsePushedTag);
  const still = options.tag.map(parsePushedTag);
  const faults = options.fault.map(parseWishedFault);
  const resources = createResourceStack();
  try {
    const simulator = resources.use(await open(options.port));
    misbehave(simulator, faults, context);
    const push = printedPush(simulator, options, context);
    for (const { repository, tag, platforms } of [...still, ...moving]) {
      push(repository, tag, imageOf(platforms));
    }
    const targets = moving.map(({ platforms, ...target }) => ({
      ...target,
      image: imageOf(platforms),
    }));
    resources.use(createTagMover({ push }, { targets, every }));
    await withStopSignals(({ stop }) => untilAborted(stop));
  } finally {
    await resources[Symbol.asyncDispose]();
  }
  return 0;
}

/** Sets the faults, and the way to authenticate without which they would not show. */
function misbehave(
  simulator: RegistrySimulator,
  faults: readonly WishedFault[],
  { output }: CommandContext,
): void {
  const auth = faults.find(({ fault }) => fault.auth !== undefined)?.fault.auth;
  if (auth !== undefined) simulator.requireAuth(auth);
  for (const { fault, match } of faults) {
    simulator.faults.setNamed(fault.name, match);
    output.note(`fault ${fault.name}: the registry ${fault.does}`);
  }
}

/** Says where the simulator is, and then a line per push. */
function printedPush(
  simulator: RegistrySimulator,
  options: SimulateOptions,
  { output }: CommandContext,
): RegistrySimulator['push'] {
  const { url } = simulator;
  output.note(`registry simulator at ${url}/v2/, control at ${url}/_simulator/`);
  return (repository, tag, image) => {
    const pushed = simulator.push(repository, tag, image);
    output.line(options.output === 'json' ? JSON.stringify(pushed) : pushLine(pushed));
    return pushed;
  };
}

function imageOf(platforms: PushedTag['platforms']): NonNullable<TagMoverTarget['image']> {
  return platforms.length === 0 ? {} : { platforms };
}

function pushLine({ at, repository, tag, digest }: Push): string {
  return `${new Date(at).toISOString()}  pushed ${repository}:${tag}  ${digest}`;
}

function readInterval(text: string): number {
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new CliError('usage', `--every: ${parsed.message}`);
  if (parsed.ms < SHORTEST_INTERVAL) {
    throw new CliError('usage', `--every: at least ${SHORTEST_INTERVAL}ms, not ${text}`);
  }
  return parsed.ms;
}

async function open(port: number): Promise<RegistrySimulator> {
  try {
    return await openRegistrySimulator({ port });
  } catch (error) {
    const taken = systemErrorCode(error) === 'EADDRINUSE';
    const reason = taken ? 'is taken' : `cannot be used: ${describeSystemError(error)}`;
    throw new CliError(
      'port-taken',
      `port ${port} on 127.0.0.1 ${reason}; choose another with --port`,
      { cause: error },
    );
  }
}
