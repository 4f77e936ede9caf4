/** A number of places in which something may go on at the same time; who waits longest comes first. */
export class Slots {
  private readonly size: number;
  private busy: number;
  private readonly waiting: (() => void)[];
  private changed: () => void;

  constructor(size: number) {
    this.size = size;
    this.busy = 0;
    this.waiting = [];
    this.changed = () => {};
  }

  /** Everybody who wants a place has one. */
  hasRoom(): boolean {
    return this.waiting.length === 0;
  }

  /** Called when somebody has got or left a place. */
  onChange(listener: () => void): void {
    this.changed = listener;
  }

  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.busy === this.size) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.busy++;
    this.changed();
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.busy--;
      else next(); // hands its place on
      this.changed();
    }
  }
}
