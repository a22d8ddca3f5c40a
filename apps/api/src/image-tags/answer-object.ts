import type { ObjectMeta } from '@tagtrail/apimachinery';
import type { FastifyRequest } from 'fastify';
import { drawRows, type Table, type TableLayout } from '../http/table.ts';
import { readIncludeObject, representationFor } from '../http/table-request.ts';

export interface ObjectAnswer<T> {
  readonly read: () => Promise<T>;
  readonly layout: TableLayout<T> | ((object: T) => Promise<TableLayout<T>>);
  /** ms since the epoch. */
  readonly now: () => number;
}

/** One object, as itself or as a table with one row: whichever the request accepts. Throws StatusError. */
export async function answerObject<T extends { readonly metadata: ObjectMeta }>(
  request: FastifyRequest,
  { read, layout, now }: ObjectAnswer<T>,
): Promise<T | Table> {
  const representation = representationFor(request);
  const includeObject = readIncludeObject(request);
  const object = await read();
  if (representation.kind === 'object') return object;
  const { version } = representation;
  const { resourceVersion } = object.metadata;
  const metadata = resourceVersion === undefined ? {} : { resourceVersion };
  const drawn = typeof layout === 'function' ? await layout(object) : layout;
  return drawRows([object], drawn, {
    version,
    includeObject,
    metadata,
    columns: true,
    now: now(),
  });
}
