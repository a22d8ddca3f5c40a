import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { delay } from '@tagtrail/lifecycle';
import { CliError, describeSystemError } from '../cli-error.ts';
import { awaitReady } from './await-ready.ts';
import type { ChildPlan, ChildStart } from './child-plan.ts';
import { type ChildEnd, followChild, signalChild } from './follow-child.ts';
import { noticeOf } from './log-line.ts';
import { createRestartBackoff } from './restart-backoff.ts';
import { openRotatingLog, type RotatingLog } from './rotating-log.ts';
import type { Stoppable } from './stop-in-order.ts';
import type { TerminalNotices } from './terminal-notices.ts';

/** ms until a child must be ready: ten times what a slow machine needs. */
const READY_DEADLINE = 30_000;
/** Deaths before the first readiness after which it is no accident but the settings. */
const START_ATTEMPTS = 3;

export interface ChildSurroundings {
  readonly launch: (args: readonly string[], variables: ChildStart['variables']) => ChildProcess;
  /** Folder of the logs; the child's is `NAME.log`. */
  readonly logs: string;
  /** The same as a person would type it. */
  readonly shownLogs: string;
  readonly notices: TerminalNotices;
}

/**
 * A child process that is started again when it ends, until it is told to.
 *
 * ```
 *            ┌───────────── backoff ◀── ended, said in one line
 *            ▼                              ▲
 *   start ─▶ running ─▶ ready ──────────────┤ ends by itself
 *            │            │                 └ renew(): no backoff, no words
 *            └────────────┴── terminate() ─▶ ended
 * ```
 */
export class SupervisedChild implements Stoppable {
  readonly name: string;
  readonly #plan: ChildPlan;
  readonly #around: ChildSurroundings;
  readonly #log: RotatingLog;
  readonly #stop = new AbortController();
  readonly #ready = Promise.withResolvers<void>();
  readonly #backoff = createRestartBackoff();
  readonly ended: Promise<void>;
  #child: ChildProcess | undefined;
  #wasReady = false;
  #renewing = false;
  #earlyDeaths = 0;
  #lastNotice: string | undefined;

  private constructor(plan: ChildPlan, around: ChildSurroundings) {
    this.name = plan.name;
    this.#plan = plan;
    this.#around = around;
    this.#log = openRotatingLog(join(around.logs, `${plan.name}.log`));
    // Whoever waits for it hears of the failure; nobody has to.
    this.#ready.promise.catch(() => undefined);
    this.ended = this.#supervise();
  }

  static start(plan: ChildPlan, around: ChildSurroundings): SupervisedChild {
    return new SupervisedChild(plan, around);
  }

  /** Resolves with the first readiness. Rejects with CliError `not-ready` when it takes too long or keeps ending. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /**
   * Starts another process with what `prepare` says now. What the present one depends on is gone, so there is nothing
   * that it could finish: it is killed.
   */
  renew(): void {
    this.#renewing = this.#child !== undefined;
    signalChild(this.#child, 'SIGKILL');
  }

  terminate(): void {
    this.#stop.abort();
    signalChild(this.#child, 'SIGTERM');
  }

  kill(): void {
    this.#stop.abort();
    signalChild(this.#child, 'SIGKILL');
  }

  async #supervise(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const started = performance.now();
      const end = await this.#runOnce();
      if (this.#stop.signal.aborted) break;
      if (this.#renewing) {
        this.#renewing = false;
        continue;
      }
      // An error that was said as it was logged need not be said twice.
      const news = end.why === this.#lastNotice ? end.how : describeEnd(end);
      this.#around.notices.say(`${this.name} ended (${news}); starting it again`);
      this.#countEarlyDeath(end);
      await delay(this.#backoff.after(performance.now() - started), this.#stop.signal);
    }
    this.#ready.reject(new CliError('not-ready', `${this.name} was stopped while starting`));
    this.#log[Symbol.dispose]();
  }

  async #runOnce(): Promise<ChildEnd> {
    const over = new AbortController();
    try {
      const start = await this.#plan.prepare();
      if (this.#stop.signal.aborted) return { how: 'stopped' };
      const child = this.#around.launch(this.#plan.args, start.variables);
      this.#child = child;
      if (!this.#wasReady) void this.#watchReadiness(start.readyUrl, over.signal);
      return await followChild(child, (line) => this.#hear(line));
    } catch (error) {
      return { how: 'cannot be started', why: describeSystemError(error) };
    } finally {
      this.#child = undefined;
      over.abort();
    }
  }

  #hear(line: string): void {
    this.#log.write(line);
    const notice = noticeOf(line);
    if (notice === undefined) return;
    this.#lastNotice = notice.text;
    this.#around.notices.warn(`${this.name}: ${notice.severity}: ${notice.text}`);
  }

  async #watchReadiness(url: string, over: AbortSignal): Promise<void> {
    const deadline = AbortSignal.timeout(READY_DEADLINE);
    const state = await awaitReady(url, AbortSignal.any([deadline, over]));
    if (state.ok) {
      this.#wasReady = true;
      this.#ready.resolve();
    } else if (deadline.aborted) {
      this.#giveUp(`is not ready after ${READY_DEADLINE / 1000} s: ${state.reason}`);
    }
  }

  #countEarlyDeath(end: ChildEnd): void {
    this.#earlyDeaths += this.#wasReady ? 0 : 1;
    if (this.#earlyDeaths < START_ATTEMPTS) return;
    this.#giveUp(`ended ${START_ATTEMPTS} times while starting (${describeEnd(end)})`);
  }

  #giveUp(what: string): void {
    const log = `${this.#around.shownLogs}/${this.name}.log`;
    this.#ready.reject(new CliError('not-ready', `${this.name} ${what}; see ${log}`));
  }
}

function describeEnd({ how, why }: ChildEnd): string {
  return why === undefined ? how : `${how}: ${why}`;
}
