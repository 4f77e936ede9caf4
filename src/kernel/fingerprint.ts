import type { Nanos } from './time.js';

/**
 * Rolling hash of a sequence of (time, timer): two runs with the same one executed the same events in the same order
 * (up to a collision, 1 in 2^64). Multiply-and-shift as in MurmurHash3's finaliser; not cryptographic.
 */
export class Fingerprint {
  private low: number;
  private high: number;

  constructor() {
    this.low = 0x9747b28c | 0; // signed, as all later ones
    this.high = 0x3c6ef372;
  }

  add(atNs: Nanos, timer: number): void {
    const low = (Math.imul(this.low ^ (atNs | 0), 0x85ebca6b) + timer) | 0;
    this.low = low;
    this.high = Math.imul(this.high, 0x9e3779b1) ^ (low ^ (low >>> 15));
  }

  /** 16 hexadecimal digits. */
  hex(): string {
    return hex32(this.high) + hex32(this.low);
  }
}

function hex32(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
