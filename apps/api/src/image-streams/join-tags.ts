/** Characters that the tags cell aims at, one comma per tag included. */
const BUDGET = 40;
/** A tag that overshoots is still shown when it starts inside the budget's last quarter and ends within a quarter beyond it. */
const SOFT_EDGE = BUDGET / 4;

/**
 * The tags cell of `oc get is`: tags in the given order, as many as fit, `+ N more...` for the rest.
 * At least one tag is shown. Source: OpenShift's table printer.
 */
export function joinTags(tags: readonly string[]): string {
  const shown = countShown(tags);
  const text = tags.slice(0, shown).join(',');
  return shown < tags.length ? `${text} + ${tags.length - shown} more...` : text;
}

function countShown(tags: readonly string[]): number {
  let remaining = BUDGET;
  for (const [index, tag] of tags.entries()) {
    remaining -= tag.length + 1;
    if (remaining >= 0 || index === 0) continue;
    const startsInside = remaining + tag.length > SOFT_EDGE;
    const endsNear = -remaining <= SOFT_EDGE;
    if (!startsInside || !endsNear) return index;
  }
  return tags.length;
}
