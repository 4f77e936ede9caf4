/**
 * Kernel pages that every process writes in the same order, e.g. those with free slots as they are handed out: what a
 * process has written is the first so many of them, and the rest it still shares with whoever has not written them.
 *
 * Processes are forked from an image: that of the loaded application (generation 0), or that of a worker that became
 * the parent of the next generation. Its copies are new originals; the pages it had not written are still the old ones.
 *
 * ```
 * pages    0 ............ written ........................ count
 *          private copies | originals of the image, shared with whoever has not written them
 * fork: written = 0      promote: the copies become originals of the next generation
 * ```
 */
export class OrderedPages {
  private readonly written: number[];
  private readonly generationOf: number[];
  /** By generation: pages of its image, and how many of them its parent had copied, the first ones. */
  private readonly counts: number[];
  private readonly copied: number[];

  /** @param count pages of the loaded application @param places places for processes that may map them */
  constructor(count: number, places: number) {
    this.written = new Array<number>(places).fill(0);
    this.generationOf = new Array<number>(places).fill(0);
    this.counts = [count];
    this.copied = [0];
  }

  /** Pages of the newest image. */
  get count(): number {
    return this.counts.at(-1)!;
  }

  /** Pages of the image that the process was forked from. */
  countOf(place: number): number {
    return this.counts[this.generationOf[place]!]!;
  }

  /** The process has written at least `pages` of them. */
  write(place: number, pages: number): void {
    const up = Math.min(this.countOf(place), Math.floor(pages));
    if (up > this.written[place]!) this.written[place] = up;
  }

  writtenBy(place: number): number {
    return this.written[place]!;
  }

  /** A new process takes the place, forked from the newest image: it has written nothing. */
  clear(place: number): void {
    this.written[place] = 0;
    this.generationOf[place] = this.counts.length - 1;
  }

  /** The pages of a process become the image of a new generation, with `more` pages that only it has. */
  promote(place: number, more: number): void {
    this.copied.push(this.written[place]!);
    this.counts.push(this.count + more);
  }

  /**
   * What is left of the originals, told to `visit` in runs of pages with the same sharers.
   *
   * @param places processes that map them
   */
  eachRun(places: readonly number[], visit: (pages: number, sharers: readonly number[]) => void): void {
    if (this.counts.length === 1) {
      this.eachRunOfOneImage(places, visit);
      return;
    }
    const bounds = [...new Set([...places.map((place) => this.written[place]!), ...this.counts, ...this.copied])];
    bounds.sort((a, b) => a - b);
    for (let k = 0; k + 1 < bounds.length; k++) {
      const from = bounds[k]!;
      for (const sharers of this.sharersOf(from, places)) visit(bounds[k + 1]! - from, sharers);
    }
  }

  /** The same while all processes are forked from the loaded application, so that there is one original of each page. */
  private eachRunOfOneImage(
    places: readonly number[],
    visit: (pages: number, sharers: readonly number[]) => void,
  ): void {
    const { written, count } = this;
    let from = 0;
    while (from < count) {
      let to = count;
      for (const place of places) if (written[place]! > from && written[place]! < to) to = written[place]!;
      const sharers = places.filter((place) => written[place]! <= from);
      if (sharers.length > 0) visit(to - from, sharers);
      from = to;
    }
  }

  /** Processes that have not written a page, by the original they map. */
  private sharersOf(page: number, places: readonly number[]): Iterable<readonly number[]> {
    const byOriginal = new Map<number, number[]>();
    for (const place of places) {
      if (this.written[place]! > page || this.countOf(place) <= page) continue;
      const original = this.originalOf(this.generationOf[place]!, page);
      const sharers = byOriginal.get(original);
      if (sharers === undefined) byOriginal.set(original, [place]);
      else sharers.push(place);
    }
    return byOriginal.values();
  }

  /** The generation whose parent made the original of a page. */
  private originalOf(generation: number, page: number): number {
    let g = generation;
    while (g > 0 && page >= this.copied[g]! && page < this.counts[g - 1]!) g--;
    return g;
  }
}
