import { BoundedLog } from './bounded-log.ts';
import type { Push } from './content/push.ts';
import { RegistryContent } from './content/registry-content.ts';
import { FaultRules } from './faults/fault-table.ts';
import type { ImageSpec } from './image/image-spec.ts';
import { Authority } from './wire/authority.ts';
import type { RequestRecord } from './wire/request-record.ts';

/** Requests remembered: 15 minutes of 100 a second, some 50 MB. */
const REQUEST_LIMIT = 100_000;

/** Pushes remembered: a day of one a second. */
const PUSH_LIMIT = 100_000;

/** Everything one simulator remembers; the server and the control API work on it. */
export class SimulatorState {
  readonly now: () => number;
  readonly faults = new FaultRules();
  readonly pushes = new BoundedLog<Push>(PUSH_LIMIT);
  readonly requests = new BoundedLog<RequestRecord>(REQUEST_LIMIT);
  readonly content: RegistryContent;
  authority: Authority;

  constructor(now: () => number) {
    this.now = now;
    this.content = new RegistryContent(now);
    this.authority = new Authority('none', {}, now);
  }

  /** Moves the tag, then writes the ledger. Throws SimulatorError. */
  push(wanted: { repository: string; tag: string; image: ImageSpec }): Push {
    const push = this.content.push(wanted.repository, wanted.tag, wanted.image);
    this.pushes.append(push);
    return push;
  }

  /** False when there was no such tag. */
  deleteTag(repository: string, tag: string): boolean {
    return this.content.repository(repository)?.deleteTag(tag) ?? false;
  }
}
