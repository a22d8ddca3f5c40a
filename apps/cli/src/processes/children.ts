import { type ChildProcess, spawn } from 'node:child_process';
import type { Environment } from '../config.ts';
import { untilAborted } from '../until-aborted.ts';
import type { ChildPlan, ChildStart } from './child-plan.ts';
import { stopInOrder } from './stop-in-order.ts';
import { SupervisedChild } from './supervised-child.ts';
import type { TerminalNotices } from './terminal-notices.ts';

/** ms for all children to end before they are killed; the rest of the 5 s is for Redis. */
const STOP_DEADLINE = 3_600;

export interface Children {
  /** Starts the plans as a stage: stages are asked to end one after the other, the one started last first. */
  start(plans: readonly ChildPlan[]): readonly SupervisedChild[];
  /** Resolves when all that were started are ready, or when the signal aborts. Rejects with CliError `not-ready`. */
  untilReady(signal: AbortSignal): Promise<void>;
  /** Starts every child again that is not among `except`. */
  renewAll(except: readonly SupervisedChild[]): void;
  stop(force: AbortSignal): Promise<void>;
}

export interface ChildrenOptions {
  readonly environment: Environment;
  /** Folder of the logs, and how a person would type it. */
  readonly logs: string;
  readonly shownLogs: string;
  readonly notices: TerminalNotices;
}

export function createChildren({ environment, ...options }: ChildrenOptions): Children {
  const stages: (readonly SupervisedChild[])[] = [];
  const around = {
    ...options,
    launch: (args: readonly string[], variables: ChildStart['variables']) =>
      launch(environment, args, variables),
  };
  return {
    start: (plans) => {
      const stage = plans.map((plan) => SupervisedChild.start(plan, around));
      stages.unshift(stage);
      return stage;
    },
    untilReady: async (signal) => {
      const all = Promise.all(stages.flat().map((child) => child.ready));
      await Promise.race([all, untilAborted(signal)]);
    },
    renewAll: (except) => {
      for (const child of stages.flat()) if (!except.includes(child)) child.renew();
    },
    stop: async (force) => {
      const killed = await stopInOrder(stages, { killAfter: STOP_DEADLINE, force });
      if (killed.length > 0)
        options.notices.say(`${killed.join(', ')} did not end in time and had to be killed`);
    },
  };
}

/**
 * Starts this command again with other arguments. A process group of its own keeps a terminal's Ctrl-C from it, so that
 * `up` decides the order of the end; the channel to its parent ends it when `up` itself is killed.
 */
function launch(
  { command: [program, ...first], cwd }: Environment,
  args: readonly string[],
  variables: ChildStart['variables'],
): ChildProcess {
  return spawn(program, [...first, ...args], {
    cwd,
    env: variables,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}
