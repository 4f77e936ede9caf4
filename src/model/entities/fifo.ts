import { NOBODY } from './ids.js';

/** First-in first-out queue of ids in a ring that grows by doubling. */
export class Fifo {
  size: number;
  private ring: Int32Array;
  private head: number;

  constructor() {
    this.size = 0;
    this.ring = new Int32Array(16);
    this.head = 0;
  }

  push(id: number): void {
    if (this.size === this.ring.length) this.grow();
    this.ring[(this.head + this.size++) & (this.ring.length - 1)] = id;
  }

  /** Puts it before all others. */
  unshift(id: number): void {
    if (this.size === this.ring.length) this.grow();
    this.head = (this.head - 1) & (this.ring.length - 1);
    this.ring[this.head] = id;
    this.size++;
  }

  /** Removes and returns the first; NOBODY if there is none. */
  shift(): number {
    if (this.size === 0) return NOBODY;
    const id = this.ring[this.head]!;
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.size--;
    return id;
  }

  /** Removes `id` wherever it stands; false if it is not there. */
  remove(id: number): boolean {
    const mask = this.ring.length - 1;
    for (let k = 0; k < this.size; k++) {
      if (this.ring[(this.head + k) & mask] !== id) continue;
      for (let j = k; j < this.size - 1; j++)
        this.ring[(this.head + j) & mask] = this.ring[(this.head + j + 1) & mask]!;
      this.size--;
      return true;
    }
    return false;
  }

  private grow(): void {
    const ring = new Int32Array(2 * this.ring.length);
    for (let k = 0; k < this.size; k++) ring[k] = this.ring[(this.head + k) & (this.ring.length - 1)]!;
    this.ring = ring;
    this.head = 0;
  }
}
