export interface Cells {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A table that fits. */
export interface Fitted extends Cells {
  /** Heads of the columns for which there was no room. */
  readonly leftOut: readonly string[];
}

/** Blanks between two columns. */
const GAP = 2;
const ANSI = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/**
 * The table without the columns that a terminal has no room for.
 *
 * @param mayGo numbers of the columns that may be left out, the one that goes first at the front
 */
export function fitting({ head, rows }: Cells, mayGo: readonly number[], width: number): Fitted {
  const size = (k: number): number => Math.max(...[head, ...rows].map((cells) => shownLength(cells[k] ?? '')));
  let kept = head.map((_, k) => k);
  const total = (): number => kept.reduce((sum, k) => sum + size(k), GAP * (kept.length - 1));
  for (const k of mayGo) {
    if (total() <= width) break;
    kept = kept.filter((other) => other !== k);
  }
  return {
    head: kept.map((k) => head[k]!),
    rows: rows.map((cells) => kept.map((k) => cells[k] ?? '')),
    leftOut: head.filter((_, k) => !kept.includes(k)).map((name) => (name === '' ? 'remarks' : name)),
  };
}

function shownLength(text: string): number {
  return text.replace(ANSI, '').length;
}
