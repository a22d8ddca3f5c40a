import type { Move, Untag } from '../plan/action.ts';
import { createDice } from '../plan/dice.ts';
import { PLACES } from '../plan/world.ts';
import { registryOf, type Stage } from './stage.ts';

/** Gives every tag its first image. */
export function pushAll(stage: Stage): void {
  for (const place of PLACES) moveTag(stage, { kind: 'move', ...place, back: false });
}

/** Moves a tag in its registry, or deletes it there. */
export function moveTag(stage: Stage, action: Move | Untag): void {
  const { simulator, gate, deletions } = registryOf(stage, action.registry);
  const { repository, tag } = action;
  if (action.kind === 'untag') {
    const source = `${gate.host}/${repository}:${tag}`;
    if (simulator.deleteTag(repository, tag))
      deletions.push({ at: Date.now(), source, digest: undefined });
    stage.tally.add('tags deleted in the registry');
    return;
  }
  const before = simulator.pushes.filter(
    (push) => push.repository === repository && push.tag === tag,
  );
  const earlier = before
    .map(({ digest }) => digest)
    .filter((digest) => digest !== before.at(-1)?.digest);
  if (action.back && earlier.length > 0) {
    const sameAs = createDice(before.length, `${repository}:${tag}`).pick(earlier);
    simulator.push(repository, tag, { sameAs });
    stage.tally.add('moves back');
  } else {
    simulator.push(repository, tag);
  }
  stage.tally.add('moves');
}
