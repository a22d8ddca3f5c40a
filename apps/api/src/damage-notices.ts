import type { StoreError, StreamKey } from '@tagtrail/image-stream';
import type { Logger } from '@tagtrail/observability';

/** ms in which one record is named once: lists are asked for all the time. */
const REPEAT_AFTER = 600_000;
/** Records remembered; whoever has more damaged ones knows by now. */
const MAX_REMEMBERED = 1_000;

/** Logs records that lists left out because they can't be read, each seldom and only so many. `now` in ms from any start. */
export function createDamageNotices(
  logger: Pick<Logger, 'error'>,
  now: () => number,
): (key: StreamKey, error: StoreError) => void {
  const told = new Map<string, number>();
  return ({ namespace, name }, error) => {
    const path = `${namespace}/${name}`;
    const toldAt = told.get(path);
    if (toldAt !== undefined && now() - toldAt < REPEAT_AFTER) return;
    if (toldAt === undefined && told.size >= MAX_REMEMBERED) return;
    told.set(path, now());
    logger.error(
      { namespace, name, err: error },
      'a record is left out of lists: it can not be read',
    );
  };
}
