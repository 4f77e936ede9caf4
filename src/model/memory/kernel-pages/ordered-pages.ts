/**
 * Kernel pages that every process writes in the same order, e.g. those with free slots as they are handed out: what a
 * process has written is the first so many of them, and the rest it still shares with whoever has not written them.
 */
export class OrderedPages {
  private readonly written: number[];

  /** @param count pages of the loaded application @param places places for processes that may map them */
  constructor(
    readonly count: number,
    places: number,
  ) {
    this.written = new Array<number>(places).fill(0);
  }

  /** The process has written at least `pages` of them. */
  write(place: number, pages: number): void {
    const up = Math.min(this.count, Math.floor(pages));
    if (up > this.written[place]!) this.written[place] = up;
  }

  writtenBy(place: number): number {
    return this.written[place]!;
  }

  /** A new process takes the place: it has written nothing. */
  clear(place: number): void {
    this.written[place] = 0;
  }

  /**
   * What is left of the originals, told to `visit` in runs of pages with the same sharers.
   *
   * @param places processes that map them
   */
  eachRun(places: readonly number[], visit: (pages: number, sharers: readonly number[]) => void): void {
    const inOrder = [...places].sort((a, b) => this.written[a]! - this.written[b]! || a - b);
    for (let k = 0; k < inOrder.length; k++) {
      const from = this.written[inOrder[k]!]!;
      const to = k + 1 < inOrder.length ? this.written[inOrder[k + 1]!]! : this.count;
      if (to > from) visit(to - from, inOrder.slice(0, k + 1));
    }
  }
}
