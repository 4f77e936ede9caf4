import type { Column } from './column.js';

const CHUNK = 4096;

/** Numbers >= 0 that are only ever added, in pieces of 32 kB: growing copies nothing and leaves no garbage behind. */
export class ValueList {
  length: number;
  private readonly chunks: Float64Array[];

  constructor() {
    this.length = 0;
    this.chunks = [];
  }

  add({ values, first, step, count }: Column): void {
    this.reserve(this.length + count);
    let at = first;
    for (let left = count; left > 0; ) {
      const start = this.length % CHUNK;
      const fitting = Math.min(left, CHUNK - start);
      const chunk = this.chunks[(this.length - start) / CHUNK]!;
      for (let k = start; k < start + fitting; k++, at += step) chunk[k] = values[at]!;
      this.length += fitting;
      left -= fitting;
    }
  }

  addZeros(count: number): void {
    this.reserve(this.length + count);
    this.length += count;
  }

  /** Copies all of them, from `target[at]` on. */
  copyTo(target: Float64Array, at: number): void {
    let filled = at;
    for (const piece of this.pieces()) {
      target.set(piece, filled);
      filled += piece.length;
    }
  }

  /** All of them in order, some thousand at a time. */
  pieces(): Float64Array[] {
    return this.chunks.map((chunk, k) => chunk.subarray(0, Math.min(CHUNK, this.length - k * CHUNK)));
  }

  private reserve(length: number): void {
    while (this.chunks.length * CHUNK < length) this.chunks.push(new Float64Array(CHUNK));
  }
}
