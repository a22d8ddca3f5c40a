import { setTimeout } from 'node:timers/promises';
import type { AppName } from '../plan/action.ts';
import { AppSlot } from './app-slot.ts';
import { COUNTS } from './settings.ts';

/** ms for all processes to start, on a machine that does much else. */
const START_LIMIT = 90_000;

export interface RosterParts {
  readonly settingsOf: (name: AppName, index: number) => Readonly<Record<string, string>>;
  readonly logs?: string | undefined;
  /** Called when the last process of a class is gone or frozen, and when one is there again. */
  readonly onClass: (name: AppName, works: boolean) => void;
}

/** All processes of the installation, several of each class. */
export class Roster implements AsyncDisposable {
  readonly slots: readonly AppSlot[];
  readonly #works = new Map<AppName, boolean>();
  readonly #onClass: RosterParts['onClass'];

  constructor({ settingsOf, logs, onClass }: RosterParts) {
    this.#onClass = onClass;
    const names = Object.keys(COUNTS) as AppName[];
    this.slots = names.flatMap((name) =>
      Array.from(
        { length: COUNTS[name] },
        (_, index) =>
          new AppSlot({
            name,
            number: index + 1,
            settings: settingsOf(name, index),
            logs,
            onState: (slot) => this.#note(slot.name),
          }),
      ),
    );
  }

  of(name: AppName): readonly AppSlot[] {
    return this.slots.filter((slot) => slot.name === name);
  }

  /** @throws Error naming those that are not there in time */
  async start(): Promise<void> {
    const limit = new AbortController();
    const late = setTimeout(START_LIMIT, 'late' as const, { signal: limit.signal });
    const started = Promise.all(this.slots.map((slot) => slot.start()));
    const first = await Promise.race([started, late]).finally(() => limit.abort());
    if (first !== 'late') return;
    const missing = this.slots.filter(({ state }) => state !== 'running');
    const names = missing.map(({ label }) => label).join(', ');
    throw new Error(
      `not started within ${START_LIMIT / 1_000} s: ${names}; --logs FOLDER keeps why`,
    );
  }

  /** Those of a class that a signal would reach. */
  running(name: AppName): readonly AppSlot[] {
    return this.of(name).filter(({ state }) => state === 'running');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.slots.map((slot) => slot.close('SIGKILL')));
  }

  #note(name: AppName): void {
    const works = this.running(name).length > 0;
    if (this.#works.get(name) === works) return;
    this.#works.set(name, works);
    this.#onClass(name, works);
  }
}
