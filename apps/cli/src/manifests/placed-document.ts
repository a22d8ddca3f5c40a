import type { Document, LineCounter } from 'yaml';

/** A document, and what it takes to say where things stand in it. */
export interface PlacedDocument {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  readonly text: string;
  readonly place: string;
}
