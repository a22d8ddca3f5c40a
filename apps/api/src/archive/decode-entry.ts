import { createHash } from 'node:crypto';
import {
  type ArchivedHistory,
  type ArchivedStream,
  type ArchiveEntry,
  decodeImageStream,
  type ImageDocument,
  type ImageStream,
  validateImageStream,
} from '@tagtrail/image-stream';
import { isNestedWithin } from '../http/is-nested-within.ts';
import { type EntryShapes, entryShapes } from './entry-shapes.ts';
import { type Check, type Fields, isFields, TIME_AHEAD } from './field-checks.ts';

/** Levels of an entry: several times as many as a stream has. What writes it as text again goes down level by level. */
const MAX_DEPTH = 64;

/** What is wrong with an entry of an archive, in words. */
export class EntryProblem extends Error {
  override readonly name = 'EntryProblem';
}

/** Reads an entry that somebody else may have written. `now` in ms since the epoch. @throws EntryProblem */
export function decodeEntry(value: unknown, now: number): ArchiveEntry {
  const entry = fieldsOf(value, 'an entry');
  if (!isNestedWithin(MAX_DEPTH, entry)) throw new EntryProblem('it is nested too deeply');
  const shapes = entryShapes(now);
  if ('history' in entry) return { history: decodeHistory(entry['history'], shapes) };
  if ('stream' in entry) return { stream: dueInTime(decodeStream(entry['stream'], shapes), now) };
  if ('image' in entry) return { image: decodeImage(entry['image'], shapes) };
  if ('unreadable' in entry) return { unreadable: { namespace: '', name: '' } };
  throw new EntryProblem('it is of no kind that is known');
}

/** A document under a wrong digest would be taken for an image that it is not. */
function decodeImage(value: unknown, shapes: EntryShapes): ImageDocument {
  const image = checked(value, shapes.image, 'image') as unknown as ImageDocument;
  const [algorithm = '', hex] = image.digest.split(':');
  if (createHash(algorithm).update(image.manifest).digest('hex') !== hex) {
    throw new EntryProblem('image.manifest does not have the digest that it is named by');
  }
  return image;
}

function decodeHistory(value: unknown, shapes: EntryShapes): ArchivedHistory {
  return checked(value, shapes.history, 'history') as unknown as ArchivedHistory;
}

/** The object is kept as it is: what a later version may add to it comes back too. */
function decodeStream(value: unknown, shapes: EntryShapes): ArchivedStream {
  const stream = checked(value, shapes.stream, 'stream') as unknown as ArchivedStream;
  const { metadata, status } = stream.object;
  checked(metadata, shapes.metadata, 'stream.object.metadata');
  if (!shapes.status(status)) {
    throw new EntryProblem('stream.object.status is not as it should be');
  }
  const decoded = decodeImageStream(stream.object);
  const causes = decoded.ok ? nameCauses(decoded.stream) : decoded.causes;
  const [first] = causes;
  if (first !== undefined) throw new EntryProblem(`stream.object.${first.field}: ${first.message}`);
  return stream;
}

/** Rules for definitions may have become stricter since; only the name is part of keys. */
function nameCauses(stream: ImageStream) {
  return validateImageStream(stream).filter(({ field }) => field === 'metadata.name');
}

/** A look too early costs a HEAD and sets the next one right; one that is due in a thousand years never comes. */
function dueInTime(stream: ArchivedStream, now: number): ArchivedStream {
  const checks = stream.checks.map(({ tag, state }) => {
    if (state.nextDue === null) return { tag, state };
    return { tag, state: { ...state, nextDue: Math.min(state.nextDue, now + TIME_AHEAD) } };
  });
  return { ...stream, checks };
}

function checked(value: unknown, checks: Readonly<Record<string, Check>>, what: string): Fields {
  const fields = fieldsOf(value, what);
  const wrong = Object.entries(checks).find(([name, check]) => !check(fields[name]));
  if (wrong === undefined) return fields;
  throw new EntryProblem(`${what}.${wrong[0]} is not as it should be`);
}

function fieldsOf(value: unknown, what: string): Fields {
  if (isFields(value)) return value;
  throw new EntryProblem(`${what} is not an object`);
}
