import type { Edit, Redefinition } from '../plan/action.ts';
import { pause } from './run-lane.ts';
import { registryOf, type Stage } from './stage.ts';
import type { StreamDesk } from './stream-desk.ts';

/** Edits a stream, or does to it whatever else its owner may. */
export async function changeDefinition(
  stage: Stage,
  desk: StreamDesk,
  action: Edit | Redefinition,
): Promise<void> {
  const { stream } = action;
  stage.book.note(`${action.kind} demo/${stream}`);
  switch (action.kind) {
    case 'edit': {
      const { gate } = registryOf(stage, action.registry);
      await desk.edit(stream, action.tag, `${gate.host}/${action.repository}:${action.tag}`);
      return;
    }
    case 'label':
      await desk.label(stream, String(Math.round(action.pause)));
      return;
    case 'ask':
      await desk.ask(stream);
      return;
    case 'suspend':
      await desk.suspend(stream, true);
      await pause(action.pause, stage.signal);
      await desk.suspend(stream, false);
      return;
    case 'recreate':
      await desk.delete(stream);
      await pause(action.pause, stage.signal);
      await desk.create(stream);
      return;
    default: {
      const never: never = action;
      throw new TypeError(`unknown action ${String(never)}`);
    }
  }
}
