import type { LoadNote } from './load-note.js';
import type { Paint } from './paint.js';
import type { Symbols } from './symbols.js';

/** How tables are drawn. */
export interface TableOptions {
  readonly width: number;
  readonly symbols: Symbols;
  readonly paint: Paint;
  readonly isMarkdown: boolean;
  /** Of a variant. */
  readonly loadNote: (variant: string) => LoadNote;
}
