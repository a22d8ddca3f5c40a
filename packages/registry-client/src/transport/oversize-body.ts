/** A body larger than its limit; the connection that brought it was given up. */
export class OversizeBody extends Error {
  override readonly name = 'OversizeBody';
}
