import { StoreError } from '@tagtrail/image-stream';

/** Parses JSON that the store wrote. `what` names it in the message. @throws StoreError `damaged` */
export function parseStored(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damaged(what, cause);
  }
}

/** The same for an object. @throws StoreError `damaged` */
export function parseStoredObject(text: string, what: string): Readonly<Record<string, unknown>> {
  const value = parseStored(text, what);
  if (isObject(value)) return value;
  throw damaged(what);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Says what cannot be read without repeating it. */
export function damaged(what: string, cause?: unknown): StoreError {
  return new StoreError('damaged', `${what} is not readable`, { cause });
}
